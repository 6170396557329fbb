import type { Instant } from "../../identifiers.js";
import { secondsBetween } from "../../time/instant.js";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * A founder, and whoever was admitted, is expected to join within this time; then any member can give the seat up. So is
 * who was offered the bureau's role, or entrusted with it, to take it over.
 */
const JOINING_DAYS = 30;
/** A motion that has not been decided within this time lapses, without anybody's act. */
const MOTION_DAYS = 30;

/** Whether a seat, or the bureau's role, that was given at an instant may still be taken up. */
export const mayStillJoin = (given: Instant, now: Instant): boolean =>
  secondsBetween(given, now) <= JOINING_DAYS * DAY_SECONDS;

/** Whether a motion can still be voted on. */
export const isOpenMotion = ({ moved }: { readonly moved: Instant }, now: Instant): boolean =>
  secondsBetween(moved, now) <= MOTION_DAYS * DAY_SECONDS;
