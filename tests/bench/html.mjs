// html.mjs PAGE: how long a page of flamerender takes to load, zoom and search in a real Chromium, in milliseconds.
import { pathToFileURL } from "node:url";
import { launch } from "../browser/chromium.mjs";

const RUNS = 5;
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const browser = await launch("--disable-gpu");
const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
await context.addInitScript(() => {
	document.addEventListener("click", () => window.clicked = performance.now(), true);
	// Resolves when what was asked for is on the screen.
	window.painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
	window.until = async (good) => {
		while (!good())
			await window.painted();
		await window.painted();
		return performance.now();
	};
});
const times = { load: [], zoom: [], search: [] };
for (let run = 0; run < RUNS; run++) {
	const page = await context.newPage();
	await page.goto(pathToFileURL(process.argv[2]).href);
	times.load.push(await page.evaluate(() => until(() => document.querySelector("#details")?.textContent)));
	const box = await page.locator("canvas").boundingBox();
	await page.mouse.click(box.x + box.width / 2, box.y + box.height - 16 * 6);
	times.zoom.push(await page.evaluate(async () =>
		await until(() => document.querySelectorAll("#crumbs > *").length > 1) - window.clicked));
	times.search.push(await page.evaluate(async () => {
		const input = document.querySelector("#toolbar input"), start = performance.now();
		input.value = "f1";
		input.dispatchEvent(new Event("input", { bubbles: true }));
		return await until(() => /[1-9]/.test(document.querySelector("output").textContent)) - start;
	}));
	await page.close();
}
for (const [what, runs] of Object.entries(times))
	console.log(`  ${what.padEnd(26)} ${median(runs).toFixed(0).padStart(8)} ms`);
await browser.close();
