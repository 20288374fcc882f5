import ssh2 from "ssh2";

/**
 * A new key pair in OpenSSH's formats. About one ed25519 pair in two hundred that ssh2 1.17 generates cannot be read
 * back ("Malformed OpenSSH private key"), so each is tried, and made anew if need be.
 */
export function makeSshKey(type: "ed25519" | "ecdsa"): { private: string; public: string } {
  for (;;) {
    const pair =
      type === "ed25519"
        ? ssh2.utils.generateKeyPairSync("ed25519")
        : ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
