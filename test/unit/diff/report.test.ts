import { expect, test } from "vitest";
import type { Difference } from "../../../sandbox/protocol.ts";
import { reportHtml } from "../../../src/diff/html.ts";
import { emptyReport, MOST_DIFFERENCES, reportData } from "../../../src/diff/report.ts";
import { reportText } from "../../../src/diff/text.ts";

const root: Difference["place"] = [
  { kind: "disk", name: "GPT" },
  { kind: "partition", name: "2 (root)" },
  { kind: "filesystem", name: "ext4" },
];
const motd: Difference["place"] = [...root, { kind: "file", name: "/etc/<motd>" }];

function report(...differences: Difference[]) {
  const made = emptyReport("a.raw", "b.raw");
  for (const difference of differences) made.add(difference);
  return made;
}

const several = report(
  { place: root, kind: "package", what: "bash:amd64", a: "5.1", b: "5.2" },
  { place: motd, kind: "attribute", what: "mode", a: "0644", b: "0600" },
  {
    place: motd,
    kind: "content",
    what: "content",
    offset: 1,
    a: '"ello"',
    b: '"allo"',
    lines: ["@@ -1 +1 @@", "-hello", "+hallo & <b>"],
  },
  { place: [...root, { kind: "file", name: "/new" }], kind: "only", what: "file", b: "3 bytes" },
  { place: [...root, { kind: "file", name: "/old" }], kind: "only", what: "symlink", a: "to new" },
  { place: [...root, { kind: "file", name: "/x" }], kind: "attribute", what: "xattr user.a", a: '"1"' },
  { place: root.slice(0, 1), kind: "bytes", what: "boot code", offset: 12, a: "00", b: "01" },
  { place: [], kind: "order", what: "member 2", a: "/b", b: "/c" },
);

test("text", () => {
  expect(reportText(several)).toBe(`a.raw and b.raw differ: 8 differences

GPT > partition 2 (root) > ext4
    package bash:amd64: 5.1 -> 5.2

GPT > partition 2 (root) > ext4 > /etc/<motd>
    mode: 0644 -> 0600
    content, from byte 1: "ello" -> "allo"
      @@ -1 +1 @@
      -hello
      +hallo & <b>

GPT > partition 2 (root) > ext4
    file /new only in b.raw: 3 bytes
    symlink /old only in a.raw: to new

GPT > partition 2 (root) > ext4 > /x
    xattr user.a: "1" -> (none)

GPT
    nothing inside explains it: boot code, byte 12: 00 -> 01

    order, from member 2 on: /b -> /c
`);
});

test("text where nothing differs", () => {
  expect(reportText(report())).toBe("a.raw and b.raw are the same\n");
});

test("JSON", () => {
  const [, mode] = several.differences;
  expect(JSON.parse(JSON.stringify(reportData(report(mode as Difference))))).toEqual({
    a: "a.raw",
    b: "b.raw",
    same: false,
    total: 1,
    differences: [{ place: motd, kind: "attribute", what: "mode", a: "0644", b: "0600" }],
  });
});

test("of very many, the first are kept and all are counted", () => {
  const made = emptyReport("a", "b");
  for (let i = 0; i < MOST_DIFFERENCES + 5; i++)
    made.add({ place: [], kind: "attribute", what: `${i}`, a: "1", b: "2" });
  made.add({ place: motd, kind: "attribute", what: "mode", a: "1", b: "2" });
  expect([made.differences.length, made.total]).toEqual([MOST_DIFFERENCES, MOST_DIFFERENCES + 6]);
  expect(reportText(made).endsWith("\nand 6 more\n")).toBe(true);
  expect([...made.outermost]).toEqual(["GPT"]);
});

test("a page", () => {
  const page = reportHtml(several);
  const body = page.slice(page.indexOf("<body>"));
  expect(body).toBe(`<body>
<header><h1>8 differences</h1>
<dl><dt class="a">A</dt><dd>a.raw</dd><dt class="b">B</dt><dd>b.raw</dd></dl>
<ul class="kinds"><li class="package">1 package</li><li class="only">2 only in one</li><li class="content">1 content</li><li class="attribute">2 attributes</li><li class="order">1 order</li><li class="bytes">1 unexplained</li></ul>
</header>
<main><section>
<h2><span class="disk">GPT</span><i aria-hidden="true">›</i><span class="partition">partition 2 (root)</span><i aria-hidden="true">›</i><span class="filesystem">ext4</span></h2>
<table><tbody>
<tr class="package"><th scope="row">package bash:amd64</th><td class="a"><code>5.1</code></td><td class="b"><code>5.2</code></td></tr>
</tbody></table>
</section>
<section>
<h2><span class="disk">GPT</span><i aria-hidden="true">›</i><span class="partition">partition 2 (root)</span><i aria-hidden="true">›</i><span class="filesystem">ext4</span><i aria-hidden="true">›</i><span class="file">/etc/&lt;motd&gt;</span></h2>
<table><tbody>
<tr class="attribute"><th scope="row">mode</th><td class="a"><code>0644</code></td><td class="b"><code>0600</code></td></tr>
<tr class="content"><th scope="row">content, from byte 1</th><td class="a"><code>&quot;ello&quot;</code></td><td class="b"><code>&quot;allo&quot;</code></td></tr>
<tr><td colspan="3"><pre>@@ -1 +1 @@
<del>-hello</del>
<ins>+hallo &amp; &lt;b&gt;</ins></pre></td></tr>
</tbody></table>
</section>
<section>
<h2><span class="disk">GPT</span><i aria-hidden="true">›</i><span class="partition">partition 2 (root)</span><i aria-hidden="true">›</i><span class="filesystem">ext4</span></h2>
<table><tbody>
<tr class="only"><th scope="row">file /new</th><td class="a"><em>(none)</em></td><td class="b"><code>3 bytes</code></td></tr>
<tr class="only"><th scope="row">symlink /old</th><td class="a"><code>to new</code></td><td class="b"><em>(none)</em></td></tr>
</tbody></table>
</section>
<section>
<h2><span class="disk">GPT</span><i aria-hidden="true">›</i><span class="partition">partition 2 (root)</span><i aria-hidden="true">›</i><span class="filesystem">ext4</span><i aria-hidden="true">›</i><span class="file">/x</span></h2>
<table><tbody>
<tr class="attribute"><th scope="row">xattr user.a</th><td class="a"><code>&quot;1&quot;</code></td><td class="b"><em>(none)</em></td></tr>
</tbody></table>
</section>
<section>
<h2><span class="disk">GPT</span></h2>
<table><tbody>
<tr class="bytes"><th scope="row">nothing inside explains it: boot code, byte 12</th><td class="a"><code>00</code></td><td class="b"><code>01</code></td></tr>
</tbody></table>
</section>
<section>
<table><tbody>
<tr class="order"><th scope="row">order, from member 2 on</th><td class="a"><code>/b</code></td><td class="b"><code>/c</code></td></tr>
</tbody></table>
</section></main>
</body>
</html>
`);
});

test("a page loads nothing, and says so where nothing differs", () => {
  const page = reportHtml(report());
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script/);
  expect(page).toContain("<title>a.raw and b.raw are the same</title>");
  expect(page).toContain("<main><p>Every byte is the same.</p></main>");
});
