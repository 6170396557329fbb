import { createLink } from "@tanstack/react-router";
import { Button } from "antd";

/** What leads to another page is a link, however it looks: it can be opened in a tab of its own. */
export const LinkButton = createLink(Button);
