import { OfficerStanding } from "@wanlian/client/access";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { ChannelMsps } from "@wanlian/protocol/identities/msp-manager.js";
import { expect } from "chai";
import { mspConfig, TestAuthority } from "../protocol/authority.js";

const CIVIL = "CivilMSP";

describe("an officer's standing", () => {
  const authority = TestAuthority.root("ca.civil");
  const [steward, other] = [77n, 78n].map((serial) => authority.issue("CA-1", { units: ["client"], serial }).pem);
  const configured = (...revoked: bigint[]) => {
    const revocationList = revoked.length === 0 ? [] : [utf8(authority.revoke(revoked))];
    return { msps: new ChannelMsps([new Msp(mspConfig(CIVIL, [authority], { revocationList }), "v1_4_3")]) };
  };

  it("ends with the configuration that revokes the certificate, and that one alone", () => {
    let bundle = configured();
    const standing = new OfficerStanding(CIVIL, () => bundle);
    const refusals = () => [steward, other].map((pem = "") => standing.refusal({ officer: "CA-1", pem })?.code);
    expect(refusals()).to.deep.equal([undefined, undefined]);
    bundle = configured(77n);
    expect(refusals()).to.deep.equal(["CERTIFICATE_REFUSED", undefined]);
    expect(standing.refusal({ officer: "CA-1", pem: steward ?? "" })?.message).to.match(/officer CA-1: .*revoked/);
    bundle = configured();
    expect(refusals(), "a list that was taken back").to.deep.equal([undefined, undefined]);
  });

  it("is none for a certificate of another authority", () => {
    const standing = new OfficerStanding(CIVIL, () => configured());
    const { pem } = TestAuthority.root("ca.elsewhere").issue("CA-1", { units: ["client"] });
    expect(standing.refusal({ officer: "CA-1", pem })?.code).to.equal("CERTIFICATE_REFUSED");
  });

  it("ends with the work of the company that the officer belongs to, and is told apart from the certificate", () => {
    const dismissed = new Set<string>();
    const standing = new OfficerStanding(CIVIL, configured, (officer) => dismissed.has(officer));
    const code = () => standing.refusal({ officer: "CA-1", pem: steward ?? "" })?.code;
    expect(code()).to.equal(undefined);
    dismissed.add("CA-1");
    expect(code()).to.equal("OFFICER_DISMISSED");
    dismissed.clear();
    expect(code(), "engaged again").to.equal(undefined);
  });

  it("is nobody's question before the channel's first block", () => {
    expect(new OfficerStanding(CIVIL, () => undefined).refusal({ officer: "CA-1", pem: "" })).to.equal(undefined);
  });
});
