import "./platform/first.ts";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Appearance } from "./app/appearance.tsx";
import { queries } from "./app/queries.ts";
import { router } from "./app/routes.tsx";
import { SessionProvider } from "./session/session.tsx";
import { callWhoOpened } from "./signing/signing-page.ts";
import "./app/page.css";

callWhoOpened();
const place = document.getElementById("page");
if (place === null) throw new Error("the document has no place for the page");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Appearance>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </Appearance>
    </QueryClientProvider>
  </StrictMode>,
);
