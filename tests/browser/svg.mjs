// Opens graphs drawn by flamerender and does what a user does. Prints PASS and FAIL lines.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);
const out = process.env.OUT, render = process.env.BUILD + "/flamerender";
const check = (name, good, why) => console.log(good ? `PASS browser: ${name}` : `FAIL browser: ${name}: ${JSON.stringify(why)}`);

function draw(name, folded, ...options) {
	writeFileSync(`${out}/${name}.folded`, folded);
	execFileSync(render, [...options, "-o", `${out}/${name}.svg`, `${out}/${name}.folded`], { stdio: "ignore" });
	return `file://${out}/${name}.svg`;
}

const simple = draw("simple", "main;alpha;beta 60\nmain;alpha;gamma 25\nmain;alpha;gamma;alpha 5\nmain;delta 110\n");
const narrow = draw("narrow", "main;alpha;beta 90\nmain;alpha;gamma 5\nmain;delta 105\n", "--minwidth", "10%");
const sought = draw("sought", "main;alpha;beta 60\nmain;delta 140\n", "--search", "^beta$");
const icicle = draw("icicle", "main;alpha;beta 60\nmain;delta 140\n", "--inverted");
const hostile = draw("hostile", "<script>window.hacked=1</script>;\"x';]]>;<img src=x onerror='window.hacked=1'> 200\n",
	"--title", "</text><script>window.hacked=1</script>", "--nametype", "\"+(window.hacked=1)+\"", "--subtitle", "]]><script>window.hacked=1</script>");
let wide = "";
for (let i = 0; i < 3000; i++) wide += `main;f${i % 50};g${i};h${i} ${1 + i % 7}\n`;
const large = draw("large", wide, "--minwidth", "0");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic",
	"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const page = await browser.newPage({ viewport: { width: 1220, height: 300 } });
const faults = [];
page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
page.on("pageerror", (e) => faults.push(String(e)));

const frame = (name) => page.locator("#frames > g", { has: page.locator(`title:text-matches("^${name} \\\\(")`) }).first();
const text = (id) => page.locator("#" + id).textContent();
const shown = (name) => frame(name).evaluate((g) => !g.classList.contains("hide"));
const width = (name) => frame(name).locator("rect").evaluate((r) => parseFloat(r.getAttribute("width")));
const focusedTitle = () => page.evaluate(() => {
	const active = document.activeElement;
	return active?.parentNode?.id === "frames" ? active.querySelector("title").textContent : "";
});

await page.goto(simple);
await frame("alpha").locator("rect").hover();
check("hover shows details", (await text("details")) === "Function: alpha (90 samples, 45.00%), self 0.00%", await text("details"));
await frame("gamma").locator("rect").hover();
check("details show the self share", (await text("details")) === "Function: gamma (30 samples, 15.00%), self 12.50%", await text("details"));

await frame("alpha").locator("rect").click();
check("zoom widens the frame", (await width("alpha")) === 1180, await width("alpha"));
check("zoom hides what is beside", !(await shown("delta")) && (await shown("beta")), "");
check("zoom keeps ancestors, faded", (await shown("main")) && (await frame("main").evaluate((g) => g.classList.contains("parent"))), "");
check("zoom stands in the address", /[?&]x=.*y=/.test(page.url()), page.url());
await page.screenshot({ path: `${out}/zoomed.png` });
const zoomedUrl = page.url();
await page.locator("#unzoom").click();
check("reset zoom", (await shown("delta")) && Math.abs((await width("alpha")) - 531) < 1 && !/x=/.test(page.url()), await width("alpha"));

await page.goto(narrow);
check("details say what is too narrow", (await text("details")).trim() === "1 frame is too narrow to be shown", await text("details"));
await frame("alpha").locator("rect").click();
check("zoom says how much is too narrow", (await text("details")).endsWith("self 0.00%; 5.26% of it is in frames too narrow to be shown"), await text("details"));
await page.goto(sought);
check("a search may be preset", (await text("matched")) === "Matched: 30.0%" && /data-search/.test(await page.locator("#frames").evaluate((g) => g.outerHTML)), await text("matched"));

await page.goto("about:blank");
await page.goto(zoomedUrl);
check("zoom comes back from the address", (await width("alpha")) === 1180 && !(await shown("delta")), await width("alpha"));

await page.goto(simple);
await page.keyboard.press("Control+f");
await page.locator("#searchfield").fill("^(alpha|gamma)$");
await page.keyboard.press("Enter");
check("search counts recursion once", (await text("matched")) === "Matched: 45.0%", await text("matched"));
const fill = (name) => frame(name).locator("rect").evaluate((r) => r.getAttribute("fill"));
check("search colours what it found", (await fill("gamma")) === "#e600e6" && (await fill("delta")) !== "#e600e6", await fill("gamma"));
check("search stands in the address", /s=/.test(page.url()), page.url());
await page.screenshot({ path: `${out}/searched.png` });
const searchUrl = page.url();
await page.locator("#search").click();
check("reset search", (await text("search")) === "Search" && (await fill("gamma")) !== "#e600e6", await text("search"));
await page.goto(searchUrl);
check("search comes back from the address", (await text("matched")) === "Matched: 45.0%", await text("matched"));
await page.keyboard.press("Escape");
check("Escape ends the search", (await text("search")) === "Search", await text("search"));

const find = async (expression) => {
	await page.locator("#search").click();
	await page.locator("#searchfield").fill(expression);
	await page.keyboard.press("Enter");
};
await find("DELTA");
check("search minds case", (await text("matched")) === "Matched: 0.0%", await text("matched"));
await page.keyboard.press("Control+i");
check("Ctrl-I ignores case", (await text("matched")) === "Matched: 55.0%", await text("matched"));
await page.locator("#ignorecase").click();
check("ic minds it again", (await text("matched")) === "Matched: 0.0%", await text("matched"));
await page.keyboard.press("Escape");
await find("samples");
check("search looks at names, not at counts", (await text("matched")) === "Matched: 0.0%", await text("matched"));
await page.keyboard.press("Escape");
await find("(");
check("a bad expression is said to be one", (await text("matched")) === "Bad expression", await text("matched"));
await page.keyboard.press("Escape");

for (const [name, url, into, back] of [["flame", simple, "ArrowUp", "ArrowDown"], ["icicle", icicle, "ArrowDown", "ArrowUp"]]) {
	await page.goto(url);
	for (let i = 0; i < 6 && !/^all/.test((await focusedTitle()) || ""); i++) await page.keyboard.press("Tab");
	check(`${name}: Tab reaches the graph`, /^all/.test(await focusedTitle()), await focusedTitle());
	await page.keyboard.press(into);
	await page.keyboard.press(into);
	check(`${name}: arrow goes to the callee`, /^alpha/.test(await focusedTitle()), await focusedTitle());
	check(`${name}: focus shows details`, /alpha/.test(await text("details")), await text("details"));
	await page.keyboard.press("ArrowRight");
	check(`${name}: arrow goes to the sibling`, /^delta/.test(await focusedTitle()), await focusedTitle());
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("Enter");
	check(`${name}: Enter zooms`, (await width("alpha")) === 1180, await width("alpha"));
	await page.keyboard.press("Escape");
	check(`${name}: Escape resets`, (await width("alpha")) < 600, await width("alpha"));
	await page.keyboard.press(back);
	check(`${name}: arrow goes to the caller`, /^main/.test(await focusedTitle()), await focusedTitle());
}

await page.goto(hostile);
await page.locator("#frames > g").nth(1).locator("rect").hover();
check("names are never code", (await page.evaluate(() => window.hacked)) === undefined && (await page.locator("script").count()) === 1, "");
check("names are shown as they are", (await text("details")).includes("<script>window.hacked=1</script>"), await text("details"));

await page.emulateMedia({ colorScheme: "dark" });
const title = await page.locator("#title").evaluate((t) => getComputedStyle(t).fill);
check("dark mode has light texts", title === "rgb(230, 230, 230)", title);
await page.screenshot({ path: `${out}/dark.png` });
await page.emulateMedia({ colorScheme: "light" });

await page.goto(large);
const start = Date.now();
await page.locator("#frames > g").nth(2).locator("rect").click();
const took = Date.now() - start;
check("a large graph zooms", took < 5000, took);
const labels = await page.evaluate(() => Array.from(document.querySelectorAll("#frames > g:not(.hide)")).filter((g) => {
	const t = g.querySelector("text"), r = g.querySelector("rect");
	return t.textContent && t.getComputedTextLength() > parseFloat(r.getAttribute("width"));
}).length);
check("labels fit into their frames", labels === 0, labels);
check("no error in the console", faults.length === 0, faults);
await browser.close();
