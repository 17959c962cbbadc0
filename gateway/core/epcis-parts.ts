import { z } from "zod";

import { named, term, time, uri } from "./epcis-values.ts";
import { COMPONENT, MEASUREMENT, SENSOR_ALERT } from "./epcis-vocabulary.ts";

const number = z.number();

/** Members that may all be missing. */
const optional = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).partial().shape;

const device = optional({
  time,
  deviceID: uri,
  deviceMetadata: uri,
  rawData: uri,
  dataProcessingMethod: uri,
  bizRules: uri,
});

const measured = optional({
  exception: term(SENSOR_ALERT),
  microorganism: uri,
  chemicalSubstance: uri,
  coordinateReferenceSystem: uri,
  component: term(COMPONENT),
  value: number,
  minValue: number,
  maxValue: number,
  meanValue: number,
  sDev: number,
  percRank: number,
  percValue: number,
  uom: z.string(),
  stringValue: z.string(),
  booleanValue: z.boolean(),
  hexBinaryValue: z.string().regex(/^[A-Fa-f0-9]+$/, "must be hexadecimal"),
  uriValue: uri,
});

/** One quantity, or that something is wrong: a report without a type has an exception. */
const sensorReport = named({
  type: term(MEASUREMENT).optional(),
  ...device,
  ...measured,
}).refine(({ type, exception }) => type !== undefined || exception !== undefined, {
  path: ["type"],
  message: "is missing",
});

/** What sensors say: EPCIS 2.0, 7.3.7. */
export const sensorElements = z.array(
  named({
    sensorMetadata: named({
      ...device,
      ...optional({ startTime: time, endTime: time }),
    }).optional(),
    sensorReport: z.array(sensorReport).min(1),
  }),
);

/** GS1 web vocabulary, CertificationDetails: what may stand in place of a link to a certificate. */
const certificate = named({
  "gs1:CertificationDetails": z.strictObject(
    z
      .object({
        ...Object.fromEntries(
          ["Agency", "Identification", "Standard", "Statement", "Subject", "Type", "Value"].map(
            (name) => [`gs1:certification${name}`, z.string()],
          ),
        ),
        "gs1:certificationAgencyURL": z.looseObject({}),
        "gs1:certificationURI": uri,
        "gs1:certificationStatus": z.enum(["ACTIVE", "INACTIVE"]),
        "gs1:certificationAuditDate": z.iso.date(),
        "gs1:certificationStartDate": z.iso.date(),
        "gs1:certificationEndDate": z.iso.date(),
        "gs1:initialCertificationDate": z.iso.date(),
      })
      .partial().shape,
  ),
});

/** Links to certificates, or what the certificates say: EPCIS 2.0, 7.4.1. */
export const certificationInfo = z.union(
  [uri, certificate, z.array(z.union([uri, certificate]))],
  "must be a URI or gs1:CertificationDetails, or a list of them",
);
