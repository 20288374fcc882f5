import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { startScript, statusScript, unmountScript } from "../../functions/ami/recipe/builder-scripts.ts";
import { bareRecipe, keysFor, VARIANTS } from "../functions/ami/recipe/variants.ts";

const present = spawnSync("shellcheck", ["--version"]).status === 0;
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (!present)
  console.log("shellcheck is not installed: the scripts that run on FreeBSD are not checked by it");

const recipes = Object.entries({
  ...VARIANTS,
  "bare 15.1": bareRecipe("15.1"),
  "bare 14.3": bareRecipe("14.3"),
});

describe("shellcheck finds nothing in what runs on the builder or on the product", () => {
  (present || required ? test : test.skip).each(recipes)("%s", (_variant, recipe) => {
    const scripts = [
      recipe.provisionScript,
      recipe.inspectScript,
      startScript(recipe, keysFor(recipe), "base-1"),
      statusScript("base-1"),
      unmountScript({ filesystem: "ufs" }),
      unmountScript({ filesystem: "zfs" }),
      ...recipe.files.map(({ content }) => content).filter((content) => content.startsWith("#!/bin/sh")),
    ];
    for (const input of scripts) {
      const { status, stdout } = spawnSync("shellcheck", ["--shell=sh", "-"], { input, encoding: "utf8" });
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    }
  });
});
