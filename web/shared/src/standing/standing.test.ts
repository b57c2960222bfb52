import { describe, expect, it } from "vitest";
import contract from "../../../../contracts/standing.json";
import { answer, type Answer, type Event } from "./events.ts";

describe.each(contract.chapters)("$name.en", ({ cases }) => {
  it.each(cases)("$name.en", ({ events, rules, asked }) => {
    for (const { person, at, state, certificates, order } of asked) {
      const found = answer({ person, at, events: events as Event[], rules });
      expect({ person, at, ...found }).toEqual({ person, at, state, certificates: certificates.map(inUtc), order });
    }
  });

  it.each(cases)("$name.en, in any order and told twice", ({ events, rules, asked }) => {
    const again = [...events, ...events].reverse() as Event[];
    for (const { person, at } of asked) {
      expect(answer({ person, at, events: again, rules })).toEqual(
        answer({ person, at, events: events as Event[], rules }),
      );
    }
  });
});

function inUtc(certificate: Answer["certificates"][number]): Answer["certificates"][number] {
  return { ...certificate, valid_until: new Date(certificate.valid_until).toISOString().replace(".000Z", "Z") };
}
