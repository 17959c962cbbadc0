import { z } from "zod";

import { context } from "./epcis-schema.ts";
import { named, time, uri } from "./epcis-values.ts";

const events = z.array(z.unknown());

const vocabularies = z.array(
  z.looseObject({
    type: uri,
    vocabularyElementList: z
      .array(
        z.looseObject({
          id: uri,
          attributes: z
            .array(
              z.looseObject({
                id: uri,
                attribute: z.union([z.number(), z.string(), z.looseObject({})]).optional(),
              }),
            )
            .optional(),
          children: z.array(uri).optional(),
        }),
      )
      .optional(),
  }),
);

const envelope = {
  "@context": context,
  id: z.union([uri, z.string().startsWith("_:")]).optional(), // a blank node is a name too
  schemaVersion: z.string().regex(/^2(?:\.[0-9]+)*$/, "must be a version 2 of EPCIS"),
  creationDate: time,
};

/** An EPCISDocument around events that are judged one by one: EPCIS 2.0, 10. */
export const epcisDocument = named({
  ...envelope,
  type: z.literal("EPCISDocument"),
  instanceIdentifier: z.string().optional(),
  sender: z.string().optional(),
  receiver: z.string().optional(),
  epcisHeader: named({
    epcisMasterData: z.looseObject({ vocabularyList: vocabularies.optional() }).optional(),
  }).optional(),
  epcisBody: z.looseObject({ eventList: events }),
});

/** The answer to a query, as one document: EPCIS 2.0, 10. */
export const epcisQueryDocument = named({
  ...envelope,
  type: z.literal("EPCISQueryDocument"),
  schemaVersion: envelope.schemaVersion.optional(),
  creationDate: time.optional(),
  epcisBody: named({
    queryResults: named({
      queryName: z.string(),
      subscriptionID: z.string().optional(),
      resultsBody: named({ eventList: events, vocabularyList: vocabularies.optional() }),
    }),
  }),
});
