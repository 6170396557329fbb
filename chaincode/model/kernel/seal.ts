/**
 * The seal: a key-level endorsement policy that nobody can satisfy, so that Fabric's own validation keeps an act from
 * being changed, deleted or unlocked. It is `common.SignaturePolicyEnvelope` with version 0, the rule
 * `NOutOf(1, [])` and no identities: field 2 (rule), in it field 2 (n_out_of), in it field 1 (n) = 1.
 */
export const SEAL: Uint8Array = Uint8Array.of(0x12, 0x04, 0x12, 0x02, 0x08, 0x01);

/** The name under which Fabric keeps a key's endorsement policy in the key's metadata. */
export const VALIDATION_PARAMETER = "VALIDATION_PARAMETER";

export const isSeal = (value: Uint8Array): boolean =>
  value.length === SEAL.length && value.every((byte, index) => byte === SEAL[index]);
