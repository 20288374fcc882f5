import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { measured } from "../functions/monitor/servers/stage.ts";
import { type RealLighttpd, startLighttpd, whyNoLighttpd } from "./real-lighttpd.ts";

const missing = whyNoLighttpd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`no page is probed at lighttpd: ${missing}`);

const MIB = 1024 * 1024;

const FILES = {
  "index.html": "<h1>wéll</h1>\n<p>version 17</p>\n",
  "empty.html": "",
  "limit.txt": "x".repeat(MIB),
  "long.txt": "x".repeat(MIB + 1),
  "settings.inc": "password=hunter2",
  "shelf/one.txt": "1",
  "secret/index.html": "for members",
  members: "me:s3cret\n",
  "late.sh": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'; sleep 0.3; echo late\n",
  "later.sh": "#!/bin/sh\nexec sleep 5\n",
  "query.sh": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n%s' \"$QUERY_STRING\"\n",
  "broken.sh": "#!/bin/sh\nexit 1\n",
};

const SETTINGS = [
  'server.modules += ("mod_access", "mod_auth", "mod_authn_file", "mod_cgi", "mod_dirlisting", "mod_redirect")',
  'index-file.names = ("index.html")',
  'url.access-deny = (".inc", "members")',
  'cgi.assign = (".sh" => "/bin/sh")',
  'url.redirect = ("^/old$" => "/new", "^/away/(.*)" => "https://example.org/$1?token=hunter2")',
  'auth.backend = "plain"',
  'auth.backend.plain.userfile = "$ROOT/documents/members"',
  'auth.require = ("/secret/" => ("method" => "basic", "realm" => "members", "require" => "valid-user"))',
  '$HTTP["url"] =~ "^/shelf/" { dir-listing.activate = "enable" }',
  '$HTTP["host"] =~ "^localhost" { url.redirect = ("^/host$" => "/of-localhost") }',
];

interface Row {
  readonly why: string;
  readonly path: string;
  readonly check?: Readonly<Record<string, unknown>>;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: Row[] = [
  {
    why: "a page",
    path: "/",
    verdict: "GOOD",
    reason: /^status 200 in \d+ ms: connect \d+, first byte \d+, rest \d+$/,
  },
  { why: "a page without anything in it", path: "/empty.html", verdict: "GOOD", reason: /^status 200/ },
  {
    why: "the text is there",
    path: "/",
    check: { contains: "wéll" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "the text is not there",
    path: "/",
    check: { contains: "unwell" },
    verdict: "FAILED",
    reason: /^status 200, but the page does not contain "unwell"$/,
  },
  {
    why: "the pattern matches",
    path: "/",
    check: { matches: "version \\d+<" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "the pattern does not match",
    path: "/",
    check: { matches: "^version" },
    verdict: "FAILED",
    reason: /^status 200, but the page does not match \/\^version\/$/,
  },
  {
    why: "a listing of a folder",
    path: "/shelf/",
    check: { contains: 'href="one.txt"', matches: "Index of /shelf/" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "no such page",
    path: "/nowhere",
    verdict: "FAILED",
    reason: /^status 404, expected 200$/,
  },
  {
    why: "no such page, as it should be",
    path: "/nowhere",
    check: { status: [404, 410] },
    verdict: "GOOD",
    reason: /^status 404 in /,
  },
  {
    why: "a page that nobody may see",
    path: "/settings.inc",
    verdict: "FAILED",
    reason: /^status 403, expected 200$/,
  },
  {
    why: "a page that nobody may see, as it should be",
    path: "/settings.inc",
    check: { status: [403] },
    verdict: "GOOD",
    reason: /^status 403 in /,
  },
  {
    why: "a script that breaks",
    path: "/broken.sh",
    verdict: "FAILED",
    reason: /^status 500, expected 200$/,
  },
  {
    why: "a folder without its slash, which leads to one with it",
    path: "/shelf",
    check: { redirectsTo: "http://PLAIN/shelf/" },
    verdict: "GOOD",
    reason: /^status 301 in /,
  },
  {
    why: "a redirect on the same host",
    path: "/old",
    check: { redirectsTo: "http://PLAIN/new" },
    verdict: "GOOD",
    reason: /^status 301 in /,
  },
  {
    why: "a redirect is not followed",
    path: "/old",
    verdict: "FAILED",
    reason: /^status 301, expected 200$/,
  },
  {
    why: "a redirect elsewhere",
    path: "/away/page",
    check: { redirectsTo: "https://example.org/page?token=hunter2" },
    verdict: "GOOD",
    reason: /^status 301 in /,
  },
  {
    why: "another redirect than that, and its query is nobody's business",
    path: "/away/page",
    check: { redirectsTo: "https://example.org/other" },
    verdict: "FAILED",
    reason:
      /^redirects to https:\/\/example\.org\/page, expected a redirect to https:\/\/example\.org\/other$/,
  },
  {
    why: "a page instead of a redirect",
    path: "/",
    check: { redirectsTo: "https://example.org/" },
    verdict: "FAILED",
    reason: /^status 200, expected a redirect to https:\/\/example\.org\/$/,
  },
  { why: "a page of just the limit", path: "/limit.txt", verdict: "GOOD", reason: /^status 200/ },
  {
    why: "a page that is too long",
    path: "/long.txt",
    verdict: "FAILED",
    reason: /^the page is longer than 1024 KiB$/,
  },
  {
    why: "the query arrives",
    path: "/query.sh?a=b%20c&d",
    check: { matches: "^a=b%20c&d$" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "a page in chunks, fast enough",
    path: "/late.sh",
    check: { slowMilliseconds: 20_000, timeoutSeconds: 20, matches: "^late\n$" },
    verdict: "GOOD",
    reason: /^status 200 in \d{3,} ms/,
  },
  {
    why: "a slow page",
    path: "/late.sh",
    check: { slowMilliseconds: 250 },
    verdict: "FAILED",
    reason: /^slow: \d{3,} ms \(limit 250 ms\): connect \d+, first byte \d+, rest \d+$/,
  },
  {
    why: "a page that does not come",
    path: "/later.sh",
    check: { timeoutSeconds: 0.3 },
    verdict: "TIMED OUT",
    reason: /^no answer in 0\.3 s, waiting for the first byte of 127\.0\.0\.1:\d+$/,
  },
  { why: "a stranger", path: "/secret/", verdict: "FAILED", reason: /^status 401, expected 200$/ },
];

(missing === undefined || required ? describe : describe.skip)("http, at lighttpd", () => {
  const former = getCACertificates("default");
  let server: RealLighttpd;
  let port: string;
  beforeAll(async () => {
    server = await startLighttpd(FILES, SETTINGS);
    port = server.secure.replace(/^.*:/, "");
    setDefaultCACertificates([...former, server.authority]);
  });
  afterAll(async () => {
    setDefaultCACertificates(former);
    await server?.stop();
  });

  const probe = (url: string, check: object = {}) => measured({ kind: "http", url, ...check });

  it.each(ROWS)("$verdict: $why", async ({ path, check = {}, verdict, reason }) => {
    const here = JSON.parse(JSON.stringify(check).replaceAll("PLAIN", server.plain)) as object;
    expect(await probe(`http://${server.plain}${path}`, here)).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason),
    });
  });

  it("whom it knows, it lets in", async () => {
    expect(
      await probe(`http://me:s3cret@${server.plain}/secret/`, { contains: "for members" }),
    ).toMatchObject({ verdict: "GOOD" });
  });

  it("whose password is wrong, it does not", async () => {
    expect(await probe(`http://me:guess@${server.plain}/secret/`)).toMatchObject({
      verdict: "FAILED",
      reason: "status 401, expected 200",
    });
  });

  it("the host's name is told", async () => {
    const check = { redirectsTo: `https://localhost:${port}/of-localhost` };
    expect(await probe(`https://localhost:${port}/host`, check)).toMatchObject({ verdict: "GOOD" });
  });

  it("a page over TLS, from a server that would rather speak HTTP/2", async () => {
    expect(await probe(`https://localhost:${port}/`, { contains: "wéll" })).toMatchObject({
      verdict: "GOOD",
      reason: expect.stringMatching(/^status 200 in \d+ ms: connect \d+, TLS \d+, first byte \d+, rest \d+$/),
    });
  });

  it("its certificate", async () => {
    const check = { kind: "tls", address: `localhost:${port}` };
    expect(await measured(check)).toMatchObject({
      verdict: "GOOD",
      reason: expect.stringMatching(
        /^certificate ends in (30|29\.9) days, (100|99) % of its lifetime; TLSv1\.3$/,
      ),
    });
  });

  it("a certificate for another name", async () => {
    expect(await probe(`https://${server.secure}/`)).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/^certificate of 127\.0\.0\.1:\d+ is for another name: /),
    });
  });

  it("a certificate of an authority that nobody trusts", async () => {
    setDefaultCACertificates(former);
    const result = await probe(`https://localhost:${port}/`);
    setDefaultCACertificates([...former, server.authority]);
    expect(result).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/no trusted authority is behind it/),
    });
  });

  it("TLS where plain HTTP is spoken", async () => {
    expect(await probe(`https://${server.plain}/`)).toMatchObject({
      verdict: "FAILED",
      reason: `${server.plain} does not speak TLS`,
    });
  });

  it("plain HTTP where TLS is spoken", async () => {
    expect(await probe(`http://${server.secure}/`)).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/^127\.0\.0\.1:\d+ closed the connection, waiting for the first byte/),
    });
  });
});
