import { createLink } from "@tanstack/react-router";
import { Button } from "antd";

/**
 * What leads to another page is a link, however it looks: it can be opened in a tab of its own. The router keeps `type`
 * for itself, so `color` and `variant` say how it looks.
 */
export const LinkButton = createLink(Button);
