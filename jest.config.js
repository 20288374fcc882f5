/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "es6" },
        sourceMaps: "inline",
      },
    ],
  },
  testPathIgnorePatterns: ["/node_modules/", "/tests/peers/"],
  testTimeout: 30_000,
  maxWorkers: "100%",
  modulePathIgnorePatterns: ["<rootDir>/.build", "<rootDir>/.nightshift"],
};
