/** GS1 Application Identifiers: GS1 General Specifications, 3, in the notation of GS1's syntax dictionary. */

/** One part of a value: character set, shortest and longest length, and the tests it must pass. */
export interface Part {
  readonly set: "N" | "X" | "Y" | "Z";
  readonly least: number;
  readonly most: number;
  readonly optional: boolean;
  readonly tests: readonly string[];
}

/** What is known of one Application Identifier. */
export interface ApplicationIdentifier {
  readonly ai: string;
  /** Whether its length is fixed beforehand, so that no separator follows its value. */
  readonly fixed: boolean;
  /** Whether it may stand in the query of a Digital Link. */
  readonly attribute: boolean;
  /** For a primary key of a Digital Link: the orders in which qualifiers may follow it. */
  readonly qualifiers: readonly (readonly string[])[] | undefined;
  readonly parts: readonly Part[];
}

/** The Application Identifier of this number, or undefined where there is none. */
export const applicationIdentifier = (ai: string): ApplicationIdentifier | undefined =>
  TABLE.get(ai);

// number or range · * fixed length · ? attribute in a Digital Link · parts · / qualifiers of a key
const LINES = `
00 *? N18,csum,keyoff1 /
01 *? N14,csum,keyoff1 /22,10,21|235
02 *? N14,csum,keyoff1
03 * N14,csum,keyoff1
10 ? X..20
11-13 *? N6,yymmd0
15-17 *? N6,yymmd0
20 *? N2
21-22 - X..20
235 - X..28
240-241 ? X..30
242 ? N..6
243 ? X..20
250-251 ? X..30
253 ? N13,csum,key [X..17] /
254 - X..20
255 ? N13,csum,key [N..12] /
30 ? N..8
3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 *? N6
3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 *? N6
3270-3275 3280-3285 3290-3295 *? N6
3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 *? N6
3370-3375 *? N6
3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 *? N6
3470-3475 3480-3485 3490-3495 *? N6
3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 *? N6
3570-3575 *? N6
3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 *? N6
3670-3675 3680-3685 3690-3695 *? N6
37 ? N..8
3900-3909 ? N..15
3910-3919 ? N3,iso4217 N..15
3920-3929 ? N..15
3930-3939 ? N3,iso4217 N..15
3940-3943 ? N4
3950-3955 ? N6
400 ? X..30
401 ? X..30,key /
402 ? N17,csum,key /
403 ? X..30
410-413 416 *? N13,csum,key
414 *? N13,csum,key /254|7040
415 *? N13,csum,key /8020
417 *? N13,csum,key /7040
420 ? X..20
421 ? N3,iso3166 X..9
422 424 426 ? N3,iso3166
423 425 ? N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166
427 ? X..3
4300-4301 4310-4311 4320 ? X..35,pcenc
4302-4306 4312-4316 ? X..70,pcenc
4307 4317 ? X2,iso3166alpha2
4308 4319 ? X..30
4309 ? N10,latitude N10,longitude
4318 ? X..20
4321-4323 ? N1,yesno
4324-4325 ? N6,yymmd0 N4,hhmi
4326 ? N6,yymmdd
4330-4333 ? N6 [X1],hyphen
7001 ? N13
7002 ? X..30
7003 ? N6,yymmdd N4,hhmi
7004 ? N..4
7005 ? X..12
7006 ? N6,yymmdd
7007 ? N6,yymmdd [N6],yymmdd
7008 ? X..3
7009 ? X..10
7010 ? X..2
7011 ? N6,yymmdd [N4],hhmi
7020-7022 ? X..20
7023 ? X..30,key
7030-7039 ? N3,iso3166999 X..27
7040 - N1 X1 X1 X1,importeridx
7041 - X..4,packagetype
710-716 ? X..20
7230-7239 ? X2 X..28
7240 ? X..20
7241 ? N2,mediatype
7242 ? X..25
7250 ? N8,yyyymmdd
7251 ? N8,yyyymmdd N4,hhmi
7252 ? N1,iso5218
7253-7254 7259 ? X..40,pcenc
7255 ? X..10
7256 ? X..90,pcenc
7257 ? X..70,pcenc
7258 ? X3,posinseqslash
8001 ? N4,nonzero N5,nonzero N3,nonzero N1,winding N1
8002 ? X..20
8003 ? N1,zero N13,csum,key [X..16] /
8004 ? X..30,key /7040
8005 ? N6
8006 ? N14,csum,keyoff1 N4,pieceoftotal /22,10,21
8007 ? X..34,iban
8008 ? N6,yymmdd N2,hh [N2],mi [N2],ss
8009 ? X..50
8010 ? Y..30,key /8011
8011 - N..12,nozeroprefix
8012 ? X..20
8013 ? X..25,csumalpha,key /
8014 - X..25,csumalpha,key,hasnondigit
8017-8018 ? N18,csum,key /8019
8019 - N..10
8020 - X..25
8026 ? N14,csum,keyoff1 N4,pieceoftotal
8030 ? Z..90
8110 8112 ? N..70
8111 ? N4
8200 - X..70
90 ? X..30
91-99 ? X..90
`;

const TABLE: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  LINES.trim()
    .split("\n")
    .flatMap(readLine)
    .map((entry) => [entry.ai, entry]),
);

function readLine(line: string): readonly ApplicationIdentifier[] {
  const [, numbers = "", flags = "", rest = ""] = /^([0-9 -]+) ([*?-]+) (.*)$/.exec(line) ?? [];
  const [parts = "", orders] = rest.split(" /");
  const qualifiers = orders?.split("|").map((order) => order.split(",").filter((ai) => ai !== ""));
  return numbers
    .split(" ")
    .flatMap(range)
    .map((ai) => ({
      ai,
      fixed: flags.includes("*"),
      attribute: flags.includes("?"),
      qualifiers,
      parts: parts.trim().split(" ").map(readPart),
    }));
}

function range(numbers: string): readonly string[] {
  const [first = "", last = first] = numbers.split("-");
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) =>
    String(Number(first) + i).padStart(first.length, "0"),
  );
}

function readPart(text: string): Part {
  const [shape = "", ...tests] = text.split(",");
  const [, set = "X", variable, most = "0"] = /^\[?([NXYZ])(\.\.)?([0-9]+)\]?$/.exec(shape) ?? [];
  return {
    set: set as Part["set"],
    least: variable === undefined ? Number(most) : 1,
    most: Number(most),
    optional: shape.startsWith("["),
    tests,
  };
}
