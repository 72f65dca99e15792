// Opens pages made by flamerender and does what a user does. Prints PASS and FAIL lines.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";

const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);
const out = process.env.OUT, render = process.env.BUILD + "/flamerender";
const check = (name, good, why) =>
	console.log(good ? `PASS html page: ${name}` : `FAIL html page: ${name}: ${JSON.stringify(why)}`);

function draw(name, folded, ...options) {
	writeFileSync(`${out}/${name}.folded`, folded);
	execFileSync(render, [...options, "-o", `${out}/${name}.html`, `${out}/${name}.folded`], { stdio: "ignore" });
	return `file://${out}/${name}.html`;
}

const simple = draw("simple", "main;alpha;beta 60\nmain;alpha;gamma 25\nmain;alpha;gamma;alpha 5\nmain;delta 110\n");
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

const tall = draw("tall", Array.from({ length: 200 }, (_, i) => "f" + i).join(";") + " 100\n");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu",
	"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
	"--disable-sync"] });
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
const is = (name, got, expected) => check(name, got === expected, got);
const detailsAt = async (...at) => {
	await page.mouse.move(...await point(...at));
	return details();
};
// The rows of the table of that number: callers, callees, functions; or functions alone.
const rows = (table) => page.locator(`#functions table:nth-of-type(${table}) tbody tr`).evaluateAll((rows) =>
	rows.map((row) => Array.from(row.cells, (cell) => cell.textContent).join(" ")).join(", "));

await open(simple);
is("the root is described", await details(), "all (200 samples, 100.00%)");
is("hover shows details", await detailsAt(0.2, 2), "alpha (90 samples, 45.00%)");
is("self weight is shown", await detailsAt(0.4, 3), "gamma (30 samples, 15.00%; self 25, 12.50%)");
await click(0.2, 2);
is("click zooms", await crumbs(), "all main alpha");
is("the zoomed frame fills the width", await detailsAt(0.99, 2), "alpha (90 samples, 45.00%)");
is("what stands on it is scaled", await detailsAt(0.7, 3), "gamma (30 samples, 15.00%; self 25, 12.50%)");
const zoomedUrl = page.url();
check("zoom stands in the address", /#z=\d+$/.test(zoomedUrl), zoomedUrl);
await page.locator("#crumbs button", { hasText: "main" }).click();
is("a crumb zooms out", await crumbs(), "all main");
await page.locator("#way > button").click();
is("Back goes back", await crumbs(), "all main alpha");
await page.locator("canvas").focus();
await press("Backspace");
await page.waitForFunction(() => location.hash === "");
is("Backspace goes back", await crumbs(), "all");
await open(zoomedUrl);
is("zoom comes back from the address", await crumbs(), "all main alpha");
await open(simple + "#z=99999&v=nonsense&n=-5&h=x,99&t=4e9&x=7~3&d=total");
is("a senseless address shows the whole", await crumbs(), "all");

await open(simple);
await press("Control+f");
await page.keyboard.type("^(alpha|gamma)$");
is("search counts recursion once", await matched(), "Matched: 45.00%");
check("search stands in the address", /s=/.test(page.url()), page.url());
const searchUrl = page.url();
await press("Enter");
is("Enter goes to what was found", await details(), "alpha (90 samples, 45.00%)");
await press("n");
check("n goes to the next", (await details()).startsWith("gamma"), await details());
await press("N");
check("N goes back", (await details()).startsWith("alpha"), await details());
await press("Enter");
is("the share is of the zoomed frame", await matched(), "Matched: 100.00%");
await open(searchUrl);
is("search comes back from the address", await matched(), "Matched: 45.00%");
await page.locator("canvas").focus();
await press("Escape");
is("Escape ends the search", await matched(), "");
await press("/");
await page.keyboard.type("DELTA");
is("search minds case", await matched(), "Matched: 0.00%");
await page.locator("button", { hasText: "Aa" }).click();
is("Aa ignores it", await matched(), "Matched: 55.00%");
await page.locator("#toolbar input").fill("(");
is("a bad expression is said to be one", await matched(), "Bad expression");
await page.locator("#toolbar input").fill("samples");
is("search looks at names, not at counts", await matched(), "Matched: 0.00%");

for (const [name, into, out] of [["flame", "ArrowUp", "ArrowDown"], ["icicle", "ArrowDown", "ArrowUp"]]) {
	await open(simple);
	for (let i = 0; i < 20 && !(await page.locator("canvas:focus").count()); i++)
		await press("Tab");
	if (name === "icicle")
		await press("i");
	await press(into, into);
	is(`${name}: arrows go to the widest callee`, await details(), "delta (110 samples, 55.00%)");
	await press("ArrowLeft");
	is(`${name}: arrows go to the sibling`, await details(), "alpha (90 samples, 45.00%)");
	is(`${name}: it is said`, await page.locator("#live").textContent(), "alpha (90 samples, 45.00%), row 3");
	await press(out);
	check(`${name}: arrows go to the caller`, (await details()).startsWith("main"), await details());
	await press(into, "ArrowLeft", "Enter");
	is(`${name}: Enter zooms`, await crumbs(), "all main alpha");
	is(`${name}: the mouse finds the row`, await detailsAt(0.7, 3, name === "icicle"),
		"gamma (30 samples, 15.00%; self 25, 12.50%)");
}

await open(simple);
await page.mouse.click(...await point(0.2, 1), { button: "right" });
is("the menu of a frame", (await page.locator("#menu button").allTextContents()).length, 6);
await press("ArrowDown", "Enter");
is("callers and callees", await page.locator("#functions h2").textContent(), "main");
is("callees are summed", await rows(2), "110 55.00% delta, 90 45.00% alpha");
await page.locator("#functions table:nth-of-type(3) button", { hasText: "alpha" }).click();
is("callers of a recursive function", await rows(1), "90 45.00% main");
is("callees of a recursive function", await rows(2), "60 30.00% beta, 30 15.00% gamma");
is("its frames are found", await matched(), "Matched: 45.00%");
await page.locator("#chosen button").click();
is("the table, by self", await rows(1), "110 55.00% 110 55.00% delta, 60 30.00% 60 30.00% beta, " +
	"25 12.50% 30 15.00% gamma, 5 2.50% 90 45.00% alpha, 0 0.00% 200 100.00% main");
await page.locator("#functions th button", { hasText: "Total" }).click();
check("the table, by total", (await rows(1)).startsWith("0 0.00% 200 100.00% main"), await rows(1));

await open(simple);
await click(0.2, 2);
await page.locator("canvas").focus();
await press("h");
is("hide takes all that goes through a function", await details(), "all (110 samples, 100.00%)");
is("what is hidden is said", await chips(), "Hidden: alpha \u00d7");
await page.locator("#chips button").click();
is("and can be shown again", await details(), "all (200 samples, 100.00%)");
await click(0.4, 3);
await page.locator("canvas").focus();
await press("f");
is("focus keeps a function and what it calls", await details(), "all (30 samples, 100.00%)");
is("focus puts it on the root", await detailsAt(0.5, 1), "gamma (30 samples, 100.00%; self 25, 83.33%)");
await open(page.url());
is("focus comes back from the address", await chips(), "Focus: gamma \u00d7");
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
await page.locator("canvas").focus();
await press("ArrowUp", "c");
await page.waitForFunction(() => document.getElementById("live").textContent.startsWith("Copied"));
is("copy", await page.evaluate(() => navigator.clipboard.readText()), "gamma");

await open(simple);
const view = page.getByLabel("Order of the frames");
await view.selectOption("heavy");
is("the heaviest first", await detailsAt(0.1, 2), "delta (110 samples, 55.00%)");
await view.selectOption("callers");
is("leaves first", await detailsAt(0.1, 1), "delta (110 samples, 55.00%)");
await click(0.95, 1);
is("a leaf below", await crumbs(), "all gamma");
await open(page.url());
is("callers come back from the address", await crumbs(), "all gamma");
is("its callers stand on it", await detailsAt(0.5, 2), "alpha (25 samples, 12.50%)");
await click(0.5, 3);
is("zoom among callers", await crumbs(), "all gamma alpha main");
await page.locator("canvas").focus();
await press("Escape");
is("and back to all", await crumbs(), "all");

await open(simple);
await page.mouse.move(...await point(0.5, 2));
await page.keyboard.down("Control");
await page.mouse.wheel(0, -400);
await page.keyboard.up("Control");
check("Ctrl and the wheel show a part", (await detailsAt(0.05, 3)).startsWith("gamma"), await details());
await page.waitForFunction(() => location.hash.includes("x="));
await open(page.url());
check("the part comes back from the address", (await detailsAt(0.05, 3)).startsWith("gamma"), await details());
await page.mouse.move(...await point(0.1, 2));
await page.mouse.down();
await page.mouse.move(...await point(0.9, 2), { steps: 4 });
await page.mouse.up();
check("dragging moves it", (await detailsAt(0.1, 3)).startsWith("beta") && (await crumbs()) === "all", await details());

await open(change);
check("changes are told", (await detailsAt(0.1, 2)).includes("change +20"), await details());
const pixel = (x, depth) => page.evaluate(([x, depth]) => {
	const canvas = document.querySelector("canvas"), y = canvas.height - (depth * 16 + 3) * devicePixelRatio;
	return Array.from(canvas.getContext("2d").getImageData(x * canvas.width, y, 1, 1).data.slice(0, 3));
}, [x, depth]);
const [more, less] = [await pixel(0.5, 2), await pixel(0.95, 2)];
check("more is red, less is blue", more[0] > more[2] + 100 && less[2] > less[0] + 100, [more, less]);
await page.getByLabel("Colours").selectOption("name");
await page.waitForTimeout(100);
check("the colours of names can be had", (await pixel(0.95, 2)).join() !== less.join(), await pixel(0.95, 2));
await press("t");
check("the table has changes", (await rows(1)).includes("\u22125 -14.29% gone"), await rows(1));

await open(time);
is("time order, a clock for each thread", await detailsAt(0.3, 3), "b (2.5 ms, 31.25%; after 1.5 ms)");
await page.getByLabel("Thread").selectOption({ label: "T1" });
is("one thread", await details(), "all (5 ms, 100.00%)");
is("the times of the thread", (await page.locator("#ruler span").allTextContents()).slice(0, 3).join(),
	"0 \u00b5s,500 \u00b5s,1 ms");
is("what comes again stands again", await detailsAt(0.9, 3), "a (1 ms, 20.00%; after 4 ms)");
await page.getByLabel("Order of the frames").selectOption("time");
await page.mouse.click(...await point(0.1, 3), { button: "right" });
await page.locator("#menu button", { hasText: "Hide" }).click();
is("times stay without what is hidden", await detailsAt(0.5, 3), "b (2.5 ms, 83.33%; after 500 \u00b5s)");
await page.locator("#chips button").click();
await page.getByLabel("Order of the frames").selectOption("heavy");
is("merged", await detailsAt(0.6, 3), "a (2 ms, 40.00%)");

await open(hostile);
const markup = () => page.evaluate(() => [window.hacked, document.scripts.length, document.images.length].join());
is("names are never markup", await markup(), ",1,0");
is("names are shown as they are", await detailsAt(0.6, 1),
	"</script><script>window.hacked=1</script> (150 \"><script>window.hacked=1</script>, 75.00%)");
await press("t");
is("in the table too", await markup(), ",1,0");
is("nothing is against the policy", await page.evaluate(() => window.violations), 0);

await open(deep);
is("100,000 frames deep", await details(), "all (200 samples, 100.00%)");
await page.locator("canvas").focus();
await page.locator("#graph").evaluate((box) => { box.scrollTop = 0; });
await page.waitForTimeout(100);
const [x, y] = await point(0.5, 0, true);
await page.mouse.click(x, y);
is("the deepest frame zooms", await crumbs(), "all f \u2026 99994 frames \u2026 g f g f g h");
await page.getByLabel("Order of the frames").selectOption("callers");
is("and stands first among callers", await detailsAt(0.5, 1), "h (200 samples, 100.00%)");

await open(simple);
for (const [width, height] of [[1200, 800], [400, 700]])
	for (const colorScheme of ["light", "dark"]) {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme });
		await page.waitForTimeout(100);
		await page.screenshot({ path: `${out}/html-${width}-${colorScheme}.png` });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
		const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const light = back === "rgb(255, 255, 255)";
		check(`${width} px, ${colorScheme}`, !wide && light === (colorScheme === "light"), [wide, back]);
	}
is("texts of the graph fit when it is narrow", await detailsAt(0.2, 2), "alpha (90 samples, 45.00%)");

await page.setViewportSize({ width: 900, height: 300 });
await open(tall);
await page.setViewportSize({ width: 900, height: 500 });
await page.waitForTimeout(200);
check("a window that grows keeps the root in view", await page.locator("#graph").evaluate((box) => box.scrollTop + box.clientHeight >= box.scrollHeight - 1),
	await page.locator("#graph").evaluate((box) => [box.scrollTop, box.clientHeight, box.scrollHeight]));

await page.setViewportSize({ width: 1200, height: 800 });
await open(large);
const loaded = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
const bytes = statSync(`${out}/large.html`).size / 750000;
check("a large graph loads", loaded < 5000 && bytes < 24, [loaded, bytes]);
const slowest = await page.evaluate(async () => {
	const canvas = document.querySelector("canvas"), clientY = canvas.getBoundingClientRect().bottom - 40;
	const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	const search = (text) => {
		const field = document.querySelector("#toolbar input");
		field.value = text;
		field.dispatchEvent(new Event("input"));
	};
	const acts = [() => canvas.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: 300, clientY })),
		() => search("g1"), () => search("h1.*7")];
	let most = 0;
	for (const act of acts) {
		const start = performance.now();
		act();
		await painted();
		most = Math.max(most, performance.now() - start);
	}
	return most;
});
check("zoom and search do not wait", slowest < 2000, slowest);
check("no error in the console", faults.length === 0, faults);

const still = await browser.newContext({ javaScriptEnabled: false });
const stillPage = await still.newPage();
await stillPage.goto(simple);
is("a still picture without scripts", (await stillPage.locator("noscript svg text").allTextContents()).join(),
	"all,main,alpha,beta,gamma,delta");
await browser.close();
