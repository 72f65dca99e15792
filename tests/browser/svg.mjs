// Opens graphs drawn by flamerender and does what a user does. Prints PASS and FAIL lines.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { launch, reporter } from "./chromium.mjs";

const out = process.env.OUT, render = process.env.BUILD + "/flamerender";
const { check } = reporter("browser");
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

const browser = await launch("--disable-gpu");
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
await check("hover shows details", async () => (await text("details")) === "Function: alpha (90 samples, 45.00%), self 0.00%", () => text("details"));
await frame("gamma").locator("rect").hover();
await check("details show the self share", async () => (await text("details")) === "Function: gamma (30 samples, 15.00%), self 12.50%", () => text("details"));

await frame("alpha").locator("rect").click();
await check("zoom widens the frame", async () => (await width("alpha")) === 1180, () => width("alpha"));
await check("zoom hides what is beside", async () => !(await shown("delta")) && (await shown("beta")), "");
await check("zoom keeps ancestors, faded", async () => (await shown("main")) && (await frame("main").evaluate((g) => g.classList.contains("parent"))), "");
await check("zoom stands in the address", () => /[?&]x=.*y=/.test(page.url()), () => page.url());
await page.screenshot({ path: `${out}/zoomed.png` });
const zoomedUrl = page.url();
await page.locator("#unzoom").click();
await check("reset zoom", async () => (await shown("delta")) && Math.abs((await width("alpha")) - 531) < 1 && !/x=/.test(page.url()), () => width("alpha"));

await page.goto(narrow);
await check("details say what is too narrow", async () => (await text("details")).trim() === "1 frame is too narrow to be shown, with all above it", () => text("details"));
await frame("alpha").locator("rect").click();
await check("zoom says how much is too narrow", async () => (await text("details")).endsWith("self 0.00%; 5.26% of it is in frames too narrow to be shown"), () => text("details"));
await page.goto(sought);
await check("a search may be preset", async () => (await text("matched")) === "Matched: 30.0%" && /data-search/.test(await page.locator("#frames").evaluate((g) => g.outerHTML)), () => text("matched"));

await page.goto("about:blank");
await page.goto(zoomedUrl);
await check("zoom comes back from the address", async () => (await width("alpha")) === 1180 && !(await shown("delta")), () => width("alpha"));

await page.goto(simple);
await page.keyboard.press("Control+f");
await page.locator("#searchfield").fill("^(alpha|gamma)$");
await page.keyboard.press("Enter");
await check("search counts recursion once", async () => (await text("matched")) === "Matched: 45.0%", () => text("matched"));
const fill = (name) => frame(name).locator("rect").evaluate((r) => r.getAttribute("fill"));
await check("search colours what it found", async () => (await fill("gamma")) === "#e600e6" && (await fill("delta")) !== "#e600e6", () => fill("gamma"));
await check("search stands in the address", () => /s=/.test(page.url()), () => page.url());
await page.screenshot({ path: `${out}/searched.png` });
const searchUrl = page.url();
await page.locator("#search").click();
await check("reset search", async () => (await text("search")) === "Search" && (await fill("gamma")) !== "#e600e6", () => text("search"));
await page.goto(searchUrl);
await check("search comes back from the address", async () => (await text("matched")) === "Matched: 45.0%", () => text("matched"));
await page.keyboard.press("Escape");
await check("Escape ends the search", async () => (await text("search")) === "Search", () => text("search"));

const find = async (expression) => {
	await page.locator("#search").click();
	await page.locator("#searchfield").fill(expression);
	await page.keyboard.press("Enter");
};
await find("DELTA");
await check("search minds case", async () => (await text("matched")) === "Matched: 0.0%", () => text("matched"));
await page.keyboard.press("Control+i");
await check("Ctrl-I ignores case", async () => (await text("matched")) === "Matched: 55.0%", () => text("matched"));
await page.locator("#ignorecase").click();
await check("ic minds it again", async () => (await text("matched")) === "Matched: 0.0%", () => text("matched"));
await page.keyboard.press("Escape");
await find("samples");
await check("search looks at names, not at counts", async () => (await text("matched")) === "Matched: 0.0%", () => text("matched"));
await page.keyboard.press("Escape");
await find("(");
await check("a bad expression is said to be one", async () => (await text("matched")) === "Bad expression", () => text("matched"));
await page.keyboard.press("Escape");

for (const [name, url, into, back] of [["flame", simple, "ArrowUp", "ArrowDown"], ["icicle", icicle, "ArrowDown", "ArrowUp"]]) {
	await page.goto(url);
	for (let i = 0; i < 6 && !/^all/.test((await focusedTitle()) || ""); i++) await page.keyboard.press("Tab");
	await check(`${name}: Tab reaches the graph`, async () => /^all/.test(await focusedTitle()), focusedTitle);
	await page.keyboard.press(into);
	await page.keyboard.press(into);
	await check(`${name}: arrow goes to the callee`, async () => /^alpha/.test(await focusedTitle()), focusedTitle);
	await check(`${name}: focus shows details`, async () => /alpha/.test(await text("details")), () => text("details"));
	await page.keyboard.press("ArrowRight");
	await check(`${name}: arrow goes to the sibling`, async () => /^delta/.test(await focusedTitle()), focusedTitle);
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("Enter");
	await check(`${name}: Enter zooms`, async () => (await width("alpha")) === 1180, () => width("alpha"));
	await page.keyboard.press("Escape");
	await check(`${name}: Escape resets`, async () => (await width("alpha")) < 600, () => width("alpha"));
	await page.keyboard.press(back);
	await check(`${name}: arrow goes to the caller`, async () => /^main/.test(await focusedTitle()), focusedTitle);
}

await page.goto(hostile);
await page.locator("#frames > g").nth(1).locator("rect").hover();
await check("names are never code", async () => (await page.evaluate(() => window.hacked)) === undefined && (await page.locator("script").count()) === 1, "");
await check("names are shown as they are", async () => (await text("details")).includes("<script>window.hacked=1</script>"), () => text("details"));

await page.emulateMedia({ colorScheme: "dark" });
const titleFill = () => page.locator("#title").evaluate((t) => getComputedStyle(t).fill);
await check("dark mode has light texts", async () => (await titleFill()) === "rgb(230, 230, 230)", titleFill);
await page.screenshot({ path: `${out}/dark.png` });
await page.emulateMedia({ colorScheme: "light" });

await page.goto(large);
const second = page.locator("#frames > g").nth(2).locator("rect"), secondWidth = () => second.getAttribute("width");
await second.click();
await check("a large graph zooms", async () => (await secondWidth()) === "1180.0", secondWidth);
const labels = await page.evaluate(() => Array.from(document.querySelectorAll("#frames > g:not(.hide)")).filter((g) => {
	const t = g.querySelector("text"), r = g.querySelector("rect");
	return t.textContent && t.getComputedTextLength() > parseFloat(r.getAttribute("width"));
}).length);
await check("labels fit into their frames", labels === 0, labels);
await check("no error in the console", faults.length === 0, faults);
await browser.close();
