// Opens pages made by flamerender and does what a user does. Prints PASS and FAIL lines.
import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { launch, reporter } from "./chromium.mjs";

const out = process.env.OUT, render = process.env.BUILD + "/flamerender";
const { check, is } = reporter("html page");

function draw(name, folded, ...options) {
	writeFileSync(`${out}/${name}.folded`, folded);
	execFileSync(render, [...options, "-o", `${out}/${name}.html`, `${out}/${name}.folded`], { stdio: "ignore" });
	return `file://${out}/${name}.html`;
}

const simple = draw("simple", "main;alpha;beta 60\nmain;alpha;gamma 25\nmain;alpha;gamma;alpha 5\nmain;delta 110\n");
const single = draw("single", "main;a 1\n");
const change = draw("change", "main;a 10 30\nmain;b 20 5\nmain;gone 5 0\n");
const time = draw("time", "T1;main;a 1000\nT1;main 500\nT2;run 3000\nT1;main;b 2500\nT1;main;a 1000\n", "--flamechart");
const hostile = draw("hostile",
	"</script><script>window.hacked=1</script>;<img src=x onerror='window.hacked=1'> 150\n" +
	"</noscript><img src=x onerror='window.hacked=1'>;<!--;\u2028\u202e;\x01\x7f 50\n",
	"--title", "</title><script>window.hacked=1</script>", "--subtitle", "--><script>window.hacked=1</script>",
	"--countname", "\"><script>window.hacked=1</script>");
const deep = draw("deep", "f;g;".repeat(50000) + "h 200\n");
let lines = "";
for (let i = 0; i < 250000; i++)
	lines += `main;f${i % 500};g${i % 9973};h${i};leaf ${1 + i % 7}\n`;
const large = draw("large", lines.split("\n").sort().join("\n").trim() + "\n");

const longNames = draw("long", Array.from({ length: 60 }, (_, i) => `f${10 + i}_${"x".repeat(1e5)} ${100 - i}`).join("\n"));
const tall = draw("tall", Array.from({ length: 200 }, (_, i) => "f" + i).join(";") + " 100\n");
const browser = await launch("--disable-gpu");
const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
const page = await context.newPage();
const faults = [];
page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
page.on("pageerror", (e) => faults.push(String(e)));
await page.addInitScript(() => {
	window.violations = 0;
	document.addEventListener("securitypolicyviolation", () => window.violations++);
});

// A point of the graph: x from 0 to 1, and the row counted from the root.
async function point(x, depth, icicle = false) {
	const box = await page.locator("canvas").boundingBox();
	return [box.x + x * box.width, icicle ? box.y + depth * 16 + 8 : box.y + box.height - depth * 16 - 8];
}
const click = async (...at) => page.mouse.click(...await point(...at));
const open = async (url) => {
	await page.goto("about:blank");
	await page.goto(url);
};
const details = () => page.locator("#details").textContent();
const matched = () => page.locator("output").textContent();
const crumbs = async () => (await page.locator("#crumbs > *").allTextContents()).join(" ");
const chips = async () => (await page.locator("#chips > *").allTextContents()).join(" ");
const press = async (...keys) => {
	for (const key of keys)
		await page.keyboard.press(key);
};
const detailsAt = async (...at) => {
	await page.mouse.move(...await point(...at));
	return details();
};
// The rows of the table of that number: callers, callees, functions; or functions alone.
const rows = (table) => page.locator(`#functions table:nth-of-type(${table}) tbody tr`).evaluateAll((rows) =>
	rows.map((row) => Array.from(row.cells, (cell) => cell.textContent).join(" ")).join(", "));

await open(single);
await is("one sample is one", details, "all (1 sample, 100.00%)");
await open(simple);
await is("the root is described", details, "all (200 samples, 100.00%)");
await is("hover shows details", () => detailsAt(0.2, 2), "alpha (90 samples, 45.00%)");
await is("self weight is shown", () => detailsAt(0.4, 3), "gamma (30 samples, 15.00%; self 25, 12.50%)");
await click(0.2, 2);
await is("click zooms", crumbs, "all main alpha");
await is("the zoomed frame fills the width", () => detailsAt(0.99, 2), "alpha (90 samples, 45.00%)");
await is("what stands on it is scaled", () => detailsAt(0.7, 3), "gamma (30 samples, 15.00%; self 25, 12.50%)");
const zoomedUrl = page.url();
await check("zoom stands in the address", /#z=\d+$/.test(zoomedUrl), zoomedUrl);
await page.locator("#crumbs button", { hasText: "main" }).click();
await is("a crumb zooms out", crumbs, "all main");
await page.locator("#way > button").click();
await is("Back goes back", crumbs, "all main alpha");
await page.locator("canvas").focus();
await press("Backspace");
await page.waitForFunction(() => location.hash === "");
await is("Backspace goes back", crumbs, "all");
await open(zoomedUrl);
await is("zoom comes back from the address", crumbs, "all main alpha");
await open(simple + "#z=99999&v=nonsense&n=-5&h=x,99&t=4e9&x=7~3&d=total");
await is("a senseless address shows the whole", crumbs, "all");

await open(simple);
await press("Control+f");
await page.keyboard.type("^(alpha|gamma)$");
await is("search counts recursion once", matched, "Matched: 45.00%");
await check("search stands in the address", () => /s=/.test(page.url()), () => page.url());
const searchUrl = page.url();
await press("Enter");
await is("Enter goes to what was found", details, "alpha (90 samples, 45.00%)");
await press("n");
await check("n goes to the next", async () => (await details()).startsWith("gamma"), details);
await press("N");
await check("N goes back", async () => (await details()).startsWith("alpha"), details);
await press("Enter");
await is("the share is of the zoomed frame", matched, "Matched: 100.00%");
await open(searchUrl);
await is("search comes back from the address", matched, "Matched: 45.00%");
await page.locator("canvas").focus();
await press("Escape");
await is("Escape ends the search", matched, "");
await press("/");
await page.keyboard.type("DELTA");
await is("search minds case", matched, "Matched: 0.00%");
await page.locator("button", { hasText: "Aa" }).click();
await is("Aa ignores it", matched, "Matched: 55.00%");
await page.locator("#toolbar input").fill("(");
await is("a bad expression is said to be one", matched, "Bad expression");
await page.locator("#toolbar input").fill("samples");
await is("search looks at names, not at counts", matched, "Matched: 0.00%");

for (const [name, into, out] of [["flame", "ArrowUp", "ArrowDown"], ["icicle", "ArrowDown", "ArrowUp"]]) {
	await open(simple);
	for (let i = 0; i < 20 && !(await page.locator("canvas:focus").count()); i++)
		await press("Tab");
	if (name === "icicle")
		await press("i");
	await press(into, into);
	await is(`${name}: arrows go to the widest callee`, details, "delta (110 samples, 55.00%)");
	await press("ArrowLeft");
	await is(`${name}: arrows go to the sibling`, details, "alpha (90 samples, 45.00%)");
	await is(`${name}: it is said`, () => page.locator("#live").textContent(), "alpha (90 samples, 45.00%), row 3");
	await press(out);
	await check(`${name}: arrows go to the caller`, async () => (await details()).startsWith("main"), details);
	await press(into, "ArrowLeft", "Enter");
	await is(`${name}: Enter zooms`, crumbs, "all main alpha");
	await is(`${name}: the mouse finds the row`, () => detailsAt(0.7, 3, name === "icicle"),
		"gamma (30 samples, 15.00%; self 25, 12.50%)");
}

await open(simple);
await page.mouse.click(...await point(0.2, 1), { button: "right" });
await is("the menu of a frame", async () => (await page.locator("#menu button").allTextContents()).length, 6);
await press("ArrowDown", "Enter");
await is("callers and callees", () => page.locator("#functions h2").textContent(), "main");
await is("callees are summed", () => rows(2), "110 55.00% delta, 90 45.00% alpha");
await page.locator("#functions table:nth-of-type(3) button", { hasText: "alpha" }).click();
await is("callers of a recursive function", () => rows(1), "90 45.00% main");
await is("callees of a recursive function", () => rows(2), "60 30.00% beta, 30 15.00% gamma");
await is("its frames are found", matched, "Matched: 45.00%");
await page.locator("#chosen button").click();
await is("the table, by self", () => rows(1), "110 55.00% 110 55.00% delta, 60 30.00% 60 30.00% beta, " +
	"25 12.50% 30 15.00% gamma, 5 2.50% 90 45.00% alpha, 0 0.00% 200 100.00% main");
await page.locator("#functions th button", { hasText: "Total" }).click();
await check("the table, by total", async () => (await rows(1)).startsWith("0 0.00% 200 100.00% main"), () => rows(1));

await open(simple);
await click(0.2, 2);
await page.locator("canvas").focus();
await press("h");
await is("hide takes all that goes through a function", details, "all (110 samples, 100.00%)");
await is("what is hidden is said", chips, "\u00d7 Hidden: alpha");
await page.locator("#chips button").click();
await is("and can be shown again", details, "all (200 samples, 100.00%)");
await click(0.4, 3);
await page.locator("canvas").focus();
await press("f");
await is("focus keeps a function and what it calls", details, "all (30 samples, 100.00%)");
await is("focus puts it on the root", () => detailsAt(0.5, 1), "gamma (30 samples, 100.00%; self 25, 83.33%)");
await open(page.url());
await is("focus comes back from the address", chips, "\u00d7 Focus: gamma");
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
await page.locator("canvas").focus();
await press("ArrowUp", "c");
await page.waitForFunction(() => document.getElementById("live").textContent.startsWith("Copied"));
await is("copy", () => page.evaluate(() => navigator.clipboard.readText()), "gamma");

await open(simple);
const view = page.getByLabel("Order of the frames");
await view.selectOption("heavy");
await is("the heaviest first", () => detailsAt(0.1, 2), "delta (110 samples, 55.00%)");
await view.selectOption("callers");
await is("leaves first", () => detailsAt(0.1, 1), "delta (110 samples, 55.00%)");
await click(0.95, 1);
await is("a leaf below", crumbs, "all gamma");
await open(page.url());
await is("callers come back from the address", crumbs, "all gamma");
await is("its callers stand on it", () => detailsAt(0.5, 2), "alpha (25 samples, 12.50%)");
await click(0.5, 3);
await is("zoom among callers", crumbs, "all gamma alpha main");
await page.locator("canvas").focus();
await press("Escape");
await is("and back to all", crumbs, "all");

await open(simple);
await page.mouse.move(...await point(0.5, 2));
await page.keyboard.down("Control");
await page.mouse.wheel(0, -400);
await page.keyboard.up("Control");
await check("Ctrl and the wheel show a part", async () => (await detailsAt(0.05, 3)).startsWith("gamma"), details);
await page.waitForFunction(() => location.hash.includes("x="));
await open(page.url());
await check("the part comes back from the address", async () => (await detailsAt(0.05, 3)).startsWith("gamma"), details);
await page.mouse.move(...await point(0.1, 2));
await page.mouse.down();
await page.mouse.move(...await point(0.9, 2), { steps: 4 });
await page.mouse.up();
await check("dragging moves it", async () => (await detailsAt(0.1, 3)).startsWith("beta") && (await crumbs()) === "all", details);

await open(change);
await check("changes are told", async () => (await detailsAt(0.1, 2)).includes("change +20"), details);
const pixel = (x, depth) => page.evaluate(([x, depth]) => {
	const canvas = document.querySelector("canvas"), y = canvas.height - (depth * 16 + 3) * devicePixelRatio;
	return Array.from(canvas.getContext("2d").getImageData(x * canvas.width, y, 1, 1).data.slice(0, 3));
}, [x, depth]);
const redness = async (x) => pixel(x, 2).then(([red, , blue]) => red - blue);
await check("more is red", async () => (await redness(0.5)) > 100, () => pixel(0.5, 2));
await check("less is blue", async () => (await redness(0.95)) < -100, () => pixel(0.95, 2));
await page.getByLabel("Colours").selectOption("name");
await check("the colours of names can be had", async () => (await redness(0.95)) > -50, () => pixel(0.95, 2));
await press("t");
await check("the table has changes", async () => (await rows(1)).includes("\u22125 -14.29% gone"), () => rows(1));

await open(time);
await is("time order, a clock for each thread", () => detailsAt(0.3, 3), "b (2.5 ms, 31.25%; after 1.5 ms)");
await page.getByLabel("Thread").selectOption({ label: "T1" });
await is("one thread", details, "all (5 ms, 100.00%)");
await is("the times of the thread", async () => (await page.locator("#ruler span").allTextContents()).slice(0, 3).join(),
	"0 \u00b5s,500 \u00b5s,1 ms");
await is("what comes again stands again", () => detailsAt(0.9, 3), "a (1 ms, 20.00%; after 4 ms)");
await page.getByLabel("Order of the frames").selectOption("time");
await page.mouse.click(...await point(0.1, 3), { button: "right" });
await page.locator("#menu button", { hasText: "Hide" }).click();
await is("times stay without what is hidden", () => detailsAt(0.5, 3), "b (2.5 ms, 83.33%; after 500 \u00b5s)");
await page.locator("#chips button").click();
await page.getByLabel("Order of the frames").selectOption("heavy");
await is("merged", () => detailsAt(0.6, 3), "a (2 ms, 40.00%)");

await open(hostile);
const markup = () => page.evaluate(() => [window.hacked, document.scripts.length, document.images.length].join());
await is("names are never markup", markup, ",1,0");
await is("names are shown as they are", () => detailsAt(0.6, 1),
	"</script><script>window.hacked=1</script> (150 \"><script>window.hacked=1</script>, 75.00%)");
await press("t");
await is("in the table too", markup, ",1,0");
await is("nothing is against the policy", () => page.evaluate(() => window.violations), 0);

await open(deep);
await is("100,000 frames deep", details, "all (200 samples, 100.00%)");
await page.locator("canvas").focus();
await page.locator("#graph").evaluate((box) => { box.scrollTop = 0; });
const [x, y] = await point(0.5, 0, true);
await page.mouse.click(x, y);
await is("the deepest frame zooms", crumbs, "all f \u2026 99994 frames \u2026 g f g f g h");
await page.getByLabel("Order of the frames").selectOption("callers");
await is("and stands first among callers", () => detailsAt(0.5, 1), "h (200 samples, 100.00%)");

await open(simple);
for (const [width, height] of [[1200, 800], [400, 700]])
	for (const colorScheme of ["light", "dark"]) {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme });
		const look = () => page.evaluate(() => [document.documentElement.scrollWidth > innerWidth,
			getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)" ? "light" : "dark"].join());
		await is(`${width} px, ${colorScheme}`, look, `false,${colorScheme}`);
		await page.screenshot({ path: `${out}/html-${width}-${colorScheme}.png` });
	}
await is("texts of the graph fit when it is narrow", () => detailsAt(0.2, 2), "alpha (90 samples, 45.00%)");

await page.setViewportSize({ width: 900, height: 300 });
await open(tall);
const below = () => page.locator("#graph").evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));
await page.setViewportSize({ width: 900, height: 500 });
await is("a window that grows keeps the root in view", below, 0);
await page.locator("#graph").evaluate((box) => {
	box.style.cssText = "flex: none; height: 420px";
	box.scrollTop += 0; // the browser lays out and moves it, and tells so before it tells the new size
	box.dispatchEvent(new Event("scroll"));
});
await page.waitForFunction(() => document.querySelector("canvas").clientHeight === 420);
await is("also when it scrolls before the page hears of it", below, 0);

await page.setViewportSize({ width: 90, height: 60 });
await open(longNames);
await press("t");
const longName = page.locator("#functions .name button").first();
await is("long names are cut in a small window", () => longName.evaluate((cell) => cell.textContent),
	`f10_${"x".repeat(1996)}\u2026`);
await is("their title is whole", async () => (await longName.getAttribute("title")).length, 100004);
await longName.evaluate((cell) => cell.click());
await is("also as a heading", () => page.locator("#functions h2").evaluate((heading) =>
	[heading.textContent, heading.title].map((text) => text.length).join()), "2001,100004");
await page.setViewportSize({ width: 1200, height: 800 });
const chartHeight = () => page.locator("#graph").evaluate((box) => box.clientHeight), heightBefore = await chartHeight();
await is("and in the details", async () => (await detailsAt(0.005, 1)).length, 2022);
await is("which do not move the graph", chartHeight, heightBefore);
await is("whose title is whole", () => page.locator("#details").evaluate((box) => box.title.length), 100004);

await open(large);
const bytes = statSync(`${out}/large.html`).size / 750000;
await check("a large graph takes few bytes a frame", bytes < 24, bytes);
await is("a large graph loads", details, "all (999,995 samples, 100.00%)");
await page.locator("#toolbar input").fill("^f1$");
await is("it is searched", matched, "Matched: 0.20%");
await check("no error in the console", faults.length === 0, faults);

const still = await browser.newContext({ javaScriptEnabled: false });
const stillPage = await still.newPage();
await stillPage.goto(simple);
await is("a still picture without scripts", async () => (await stillPage.locator("noscript svg text").allTextContents()).join(),
	"all,main,alpha,beta,gamma,delta");
await browser.close();
