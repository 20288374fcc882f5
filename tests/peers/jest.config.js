import config from "../../jest.config.js";

/** The tests against programs that others wrote. Missing ones are skipped, unless NIGHTSHIFT_PEERS=required. */
export default { ...config, rootDir: "../..", roots: ["<rootDir>/tests/peers"], testPathIgnorePatterns: [] };
