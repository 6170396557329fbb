import { type Curve, curveOf } from "@wanlian/protocol/identities/ecdsa.js";

/** The numbers of the curve P-256. They stand apart from the making of certificates, which loads far more than who only signs needs. */
export const P256: Curve = curveOf("1.2.840.10045.3.1.7") ?? unknownCurve();

function unknownCurve(): never {
  throw new Error("the protocol package does not know the curve P-256");
}
