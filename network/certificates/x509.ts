// The certificate library asks for the reflection polyfill before it is loaded; whoever needs it imports it from here.
import "reflect-metadata";

export * from "@peculiar/x509";
