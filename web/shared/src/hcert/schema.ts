/** The DCC schema 1.3.3 as read: twin of `src/chotxanh/domain/hcert/schema.py`, over the same JSON file. */
import document from "../../../../src/chotxanh/domain/hcert/dcc_schema_1_3_3.json";
import { isObject, type Plain, type PlainObject } from "./cwt.ts";

/** The keywords the schema uses; the others describe. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

const GROUPS = ["v", "t", "r"];
const DEFINITIONS: Readonly<Record<string, Schema>> = document.$defs;
const ROOT: Schema = { type: "object", required: ["ver", "nam", "dob"], properties: document.properties };

const DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
// Known in the wild: a date-time where a date is asked, no seconds, +hhmm, +hh, lower case t and z.
const ZONE = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)";
const TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\\.[0-9]+)?)?";
const FORMATS: ReadonlyMap<string, RegExp> = new Map([
  ["date", new RegExp(`^${DATE}(?:[Tt ]${TIME}${ZONE}?)?$`)],
  ["date-time", new RegExp(`^${DATE}[Tt ]${TIME}${ZONE}$`)],
]);

const patterns = new Map<string, RegExp>();

/** Whether `certificate` can be accepted: right apart from known date shapes, with exactly one of v, t and r. */
export function isAccepted(certificate: PlainObject): boolean {
  return GROUPS.filter((group) => group in certificate).length === 1 && fits(certificate, ROOT);
}

function fits(value: Plain, schema: Schema): boolean {
  if (schema.$ref !== undefined) return fits(value, DEFINITIONS[schema.$ref.replace("#/$defs/", "")] ?? {});
  if (schema.type !== undefined && !isOfType(value, schema.type)) return false;
  if (typeof value === "string") return fitsText(value, schema);
  if (typeof value === "number") return value >= (schema.minimum ?? Number.NEGATIVE_INFINITY);
  return fitsContainer(value, schema);
}

function fitsContainer(value: Plain, schema: Schema): boolean {
  if (Array.isArray(value)) return fitsList(value as readonly Plain[], schema);
  return !isObject(value) || fitsObject(value, schema);
}

function isOfType(value: Plain, type: string): boolean {
  if (type === "object") return isObject(value);
  if (type === "array") return Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function fitsText(value: string, { maxLength = Number.POSITIVE_INFINITY, pattern, format }: Schema): boolean {
  if (value.length > maxLength && Array.from(value).length > maxLength) return false;
  if (pattern !== undefined && !compiled(pattern).test(value)) return false;
  const shape = format === undefined ? undefined : FORMATS.get(format);
  return shape === undefined || isDay(shape.exec(value));
}

/** A full stop in JSON Schema is any character but a line end; what that is differs between Python and JavaScript. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern.replaceAll(".", "[^\\n]"), "u");
  patterns.set(pattern, known);
  return known;
}

/** Whether what was found begins with a day that exists. */
function isDay(found: RegExpExecArray | null): boolean {
  const day = found?.[0].slice(0, 10) ?? "";
  const moment = new Date(`${day}T00:00:00Z`);
  return !day.startsWith("0000") && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
}

function fitsList(values: readonly Plain[], { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Schema): boolean {
  return (
    values.length >= minItems &&
    values.length <= maxItems &&
    (items === undefined || values.every((value) => fits(value, items)))
  );
}

function fitsObject(value: PlainObject, { required = [], anyOf, properties = {} }: Schema): boolean {
  return (
    required.every((name) => name in value) &&
    (anyOf === undefined || anyOf.some((choice) => fits(value, choice))) &&
    Object.entries(properties).every(([name, property]) => {
      const member = value[name];
      return member === undefined || fits(member, property);
    })
  );
}
