// Opens reports made by flamereport from disk and does what a user does. Prints PASS and FAIL lines.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { launch, reporter } from "./chromium.mjs";

const out = process.env.OUT, flamereport = process.env.BUILD + "/flamereport";
const { check, is } = reporter("report");

for (const folder of ["now", "before"])
	mkdirSync(`${out}/${folder}`);
writeFileSync(`${out}/now/small.folded`, "main;alpha 60\nmain;beta 40\n");
writeFileSync(`${out}/now/large.folded`, "main (app.py:1);alpha (app.py:5) 700\nmain (app.py:1);gamma (lib.py:2) 300\n");
writeFileSync(`${out}/now/evil.folded`, "<img src=x onerror='window.hacked=1'>;</script><script>window.hacked=1</script> 250\n");
writeFileSync(`${out}/before/large.folded`, "main (app.py:1);alpha (app.py:5) 400\nmain (app.py:1);gone (lib.py:9) 600\n");
spawnSync(flamereport, ["-o", `${out}/report`, "--single", "--title", "Nightly <b>", "--baseline", `${out}/before`,
	"--fail-if", "self(alpha)>+5%", `${out}/now`]);

const browser = await launch("--disable-gpu");
const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
const page = await context.newPage();
const faults = [], requests = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
page.on("pageerror", (error) => faults.push(String(error)));
page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || requests.push(request.url()));

const names = () => page.locator("#profiles").locator("xpath=..").locator("tbody tr:visible th")
	.allTextContents().then((texts) => texts.join(" "));
const open = async (path) => page.goto(`file://${out}/report/${path}`);

await open("index.html");
await is("the title is text", () => page.locator("h1").textContent(), "Nightly <b>");
await is("profiles stand in their order", names, "evil large small");
await page.getByRole("button", { name: "Total", exact: true }).click();
await is("a click sorts numbers down", names, "large evil small");
await is("and says so", () => page.locator("th", { hasText: /^Total$/ }).getAttribute("aria-sort"), "descending");
await page.getByRole("button", { name: "Total", exact: true }).click();
await is("a second click turns it round", names, "small evil large");
await page.getByRole("button", { name: "Profile", exact: true }).focus();
await page.keyboard.press("Enter");
await is("the keyboard sorts texts", names, "evil large small");
await page.getByLabel("Filter profiles").fill("ALPHA large");
await is("the filter keeps rows with all words", names, "large");
await is("and counts them", () => page.locator(".tool", { has: page.getByLabel("Filter profiles") }).locator("output")
	.textContent(), "1 of 3");
await page.getByLabel("Filter profiles").fill("");
await is("an empty filter shows all", names, "evil large small");
await check("the failed condition is shown", async () => (await page.locator(".bad").textContent()).includes("self(alpha (app.py)) was 40%, is 70%"),
	() => page.locator(".bad").textContent());
const pictures = await page.locator("td img").evaluateAll((images) => images.map((image) => {
	image.loading = "eager";
	return image.decode().then(() => image.naturalWidth);
}).reduce(async (all, one) => [...await all, await one], []));
await is("thumbnails are 320 px wide", pictures.join(" "), "320 320 320");

const field = page.getByLabel("Search functions in all profiles");
await field.fill("alpha");
await page.locator("#search summary").first().waitFor();
await is("search finds a function in all profiles", async () => (await page.locator("#search summary").allTextContents()).join("|"),
	"alpha app.py, in 1 profile, self up to 70.00%|alpha in 1 profile, self up to 60.00%");
await page.locator("#search summary").first().click();
await is("and its shares", () => page.locator("#search li").first().textContent(), "large self 70.00%, total 70.00%");
await field.fill("hacked");
await page.locator("#search summary").first().waitFor();
await field.fill("alpha app.py");
await page.locator("#search summary").first().click();
await page.locator("#search li a").first().click();
await page.waitForURL(/p\/large\/index\.html$/);
await is("it opens the profile", () => page.locator("h1").textContent(), "large");

const graph = page.frameLocator("iframe");
await graph.locator("canvas").waitFor();
await is("the graph is there", () => graph.locator("#details").textContent(), "all (1,000 samples, 100.00%)");
const box = await page.locator("iframe").boundingBox(), canvas = await graph.locator("canvas").boundingBox();
await page.mouse.click(box.x + 20, canvas.y + canvas.height - 16 * 2 - 8);
await is("and zooms", async () => (await graph.locator("#crumbs > *").allTextContents()).join(" "), "all main (app.py:1) alpha (app.py:5)");
await page.goto(page.url().replace(/#.*/, ""));
await page.getByLabel("Filter functions").fill("lib.py");
await is("functions are filtered", () => page.locator("#functions").locator("xpath=..").locator("tbody tr:visible th").first()
	.textContent(), "gamma");
await page.locator("#functions").locator("xpath=..").locator("tbody tr:visible th a").first().click();
await is("a function leads to its callers", () => page.locator("details:target").getAttribute("open"), "");
await is("with their weights", () => page.locator("details:target table").first().locator("tbody").innerText(), "main app.py\t300\t30.00%");

await page.getByRole("link", { name: "Change against the baseline" }).click();
await page.frameLocator("iframe").locator("canvas").waitFor();
await check("the change is a differential graph", async () => (await page.frameLocator("iframe").locator("#subtitle").textContent())
	.startsWith("As wide as now"), "");
await page.getByRole("link", { name: "as before (shows what is gone)" }).click();
await page.frameLocator("iframe").locator("#subtitle", { hasText: "As wide as before" }).waitFor();
await is("gone stacks are listed", () => page.locator("#gone").locator("xpath=..").locator("th.stack").textContent(),
	"main (app.py:1) \u203a gone (lib.py:9)");
await page.getByRole("link", { name: "Nightly <b>" }).click();
await page.getByRole("link", { name: "evil" }).first().click();
await page.frameLocator("iframe").locator("canvas").waitFor();
await check("names are never markup", async () => !(await page.evaluate("window.hacked")), "");

await page.goto(`file://${out}/report/report.html`);
await page.getByRole("link", { name: "large" }).first().click();
await is("one file: a link opens the profile", () => page.locator("#p-large").getAttribute("open"), "");
await page.locator("#p-large").getByRole("button", { name: "Interactive graph" }).click();
await page.frameLocator("#p-large iframe").locator("canvas").waitFor();
await is("one file: the graph is unpacked", () => page.frameLocator("#p-large iframe").locator("#details").textContent(),
	"all (1,000 samples, 100.00%)");
await page.locator("#p-large").getByRole("button", { name: "Interactive graph" }).click();
await is("one file: and put away", () => page.locator("#p-large iframe").count(), 0);
await page.getByLabel("Search functions in all profiles").fill("gamma");
await page.locator("#search summary").first().click();
await is("one file: search links into it", () => page.locator("#search li a").first().getAttribute("href"), "#p-large");
await check("one file: names are never markup", async () => !(await page.evaluate("window.hacked")), "");

const rows = Array.from({length: 1200}, (_, i) => `<tr><th>P${i % 2 ? i : 1200 - i}</th><td class="n" data-v="${i}">${i}</td></tr>`);
writeFileSync(`${out}/report/long.html`, `<!DOCTYPE html><script defer src="report.js"></script><div><table class="sortable" ` +
	`data-filter="Filter"><thead><tr><th>Name</th><th class="n">Number</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`);
await open("long.html");
const shown = () => page.locator("tbody tr:visible").count();
const first = () => page.locator("tbody tr:visible th").first().textContent();
await is("of a long table the first rows are shown", shown, 500);
await page.getByRole("button", { name: "Name" }).click();
await is("it is sorted as a whole, by numbers in names", async () => (await page.locator("tbody tr:visible th").allTextContents())
	.slice(0, 12).join(" "), "P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12");
await page.getByRole("button", { name: "Number" }).click();
await is("the largest number is one of the last rows", first, "P1199");
await page.getByLabel("Filter").fill("p119");
await is("and filtered as a whole", shown, 11);
await page.getByLabel("Filter").fill("");
await page.getByRole("button", { name: "Show all 1200 rows" }).click();
await is("a button shows all", shown, 1200);
await is("and goes", () => page.locator(".more-rows:visible").count(), 0);

for (const [width, what] of [[1000, "wide"], [360, "narrow"]]) {
	await page.setViewportSize({ width, height: 700 });
	for (const path of ["index.html", "p/large/index.html", "p/large/diff.html"]) {
		await open(path);
		const over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
		await is(`${what}: ${path} needs no sideways scrolling`, over, 0);
	}
}
await is("every field and frame has a name", () => page.locator("input:not([aria-label]), iframe:not([title]), img:not([alt])").count(), 0);
await check("no error on the console", faults.length === 0, faults);
await check("no request leaves the disk", requests.length === 0, requests);
await browser.close();
