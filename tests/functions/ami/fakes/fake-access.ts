import type { Access } from "../../../../functions/ami/ports.ts";
import type { Tags } from "../../../../functions/ami/tags.ts";
import { carries } from "./fake-images.ts";

/** Ways in, in memory. */
export interface FakeAccess extends Access {
  putDoor(id: string, tags: Tags): void;
  putKeyPair(name: string, tags: Tags): void;
  putKeyParameter(name: string, tags: Tags): void;
  /** Doors that an instance still uses: they cannot go yet. */
  readonly inUse: Set<string>;
  /** Doors, key pairs, key parameters. */
  existing(): string[];
}

/** Key pairs, doors and key parameters as EC2 and SSM keep them. */
export function fakeAccess(history: string[] = []): FakeAccess {
  const doors = new Map<string, Tags>();
  const pairs = new Map<string, Tags>();
  const parameters = new Map<string, Tags>();
  const inUse = new Set<string>();
  const filtered = (all: Map<string, Tags>, filter: Tags) =>
    [...all].filter(([, tags]) => carries(tags, filter));

  return {
    putDoor: (id, tags) => doors.set(id, tags),
    putKeyPair: (name, tags) => pairs.set(name, tags),
    putKeyParameter: (name, tags) => parameters.set(name, tags),
    inUse,
    existing: () => [...doors.keys(), ...pairs.keys(), ...parameters.keys()],
    ensureKeyPair: async (name, parameter, tags) => {
      if (parameters.has(parameter)) return;
      history.push(`key pair ${name}`);
      pairs.set(name, tags);
      parameters.set(parameter, tags);
    },
    ensureDoor: async (name, tags) => {
      history.push(`door ${name}`);
      doors.set(`sg-${name}`, tags);
      return `sg-${name}`;
    },
    listDoors: async (filter) => filtered(doors, filter).map(([id, tags]) => ({ id, tags })),
    removeDoor: async (id) => {
      if (inUse.has(id)) return false;
      doors.delete(id);
      return true;
    },
    listKeyPairs: async (filter) => filtered(pairs, filter).map(([name, tags]) => ({ name, tags })),
    removeKeyPair: async (name) => {
      pairs.delete(name);
    },
    // By path, as SSM lists them: whatever their tags say.
    listKeyParameters: async (stage) =>
      [...parameters]
        .filter(([name]) => name.startsWith(`/nightshift/${stage}/builds/`))
        .map(([name, tags]) => ({ name, tags })),
    removeKeyParameter: async (name) => {
      parameters.delete(name);
    },
  };
}
