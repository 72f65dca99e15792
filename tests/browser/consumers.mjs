// Gives what flamerender wrote to speedscope's importer and to Chrome's Performance panel, and compares what they understood.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { launch, reporter } from "./chromium.mjs";

const out = process.env.OUT, render = process.env.BUILD + "/flamerender";
const { check } = reporter("consumers");
function make(name, folded, ...options) {
	writeFileSync(`${out}/${name}.folded`, folded);
	execFileSync(render, ["-q", ...options, "-o", `${out}/${name}`, `${out}/${name}.folded`]);
	return `${out}/${name}`;
}

const plain = "main (app.py:1);work (app.py:20);leaf (lib/b.py:3) 30\nmain (app.py:1);work (app.py:20) 10\nmain (app.py:1);idle \"<x>\" 10\n";
const ordered = "t1;main (app.py:1);a (app.py:2) 20000\nt2;run (b.py:5) 5000\nt1 10000\nt1;main (app.py:1) 30000\n";

const browser = await launch("--allow-file-access-from-files", "--enable-unsafe-swiftshader", "--use-angle=swiftshader");

// What speedscope makes of a file: it exports its own model as evented profiles. A busy machine gets a second chance.
async function throughSpeedscope(file) {
	return exportBySpeedscope(file).catch(() => exportBySpeedscope(file));
}
async function exportBySpeedscope(file) {
	const page = await browser.newPage({ acceptDownloads: true });
	const faults = [];
	page.on("dialog", (d) => { faults.push(d.message()); d.dismiss(); });
	page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
	await page.goto(`file://${process.env.SPEEDSCOPE}/index.html`);
	await page.locator("input[type=file]").first().setInputFiles(file);
	await page.waitForSelector("canvas", { timeout: 30000 });
	await page.waitForTimeout(500);
	const download = page.waitForEvent("download", { timeout: 30000 });
	await page.keyboard.press("Control+s");
	const model = JSON.parse(readFileSync(await (await download).path(), "utf8"));
	await page.screenshot({ path: `${file}.png` });
	await page.close();
	return { model, faults };
}

// Total time of every stack of an evented profile.
function stacks(model, profile) {
	const sums = {}, open = [];
	let last = profile.startValue;
	for (const event of profile.events) {
		const frame = model.shared.frames[event.frame];
		const key = open.join(";");
		if (event.at > last && key) sums[key] = (sums[key] || 0) + event.at - last;
		last = event.at;
		if (event.type === "O") open.push(frame.name + (frame.file ? ` (${frame.file}${frame.line ? ":" + frame.line : ""})` : ""));
		else open.pop();
	}
	return sums;
}
const folded = (text, factor) => Object.fromEntries(text.trim().split("\n").map((l) => [l.slice(0, l.lastIndexOf(" ")), factor * Number(l.slice(l.lastIndexOf(" ") + 1))]));
const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

async function speedscope() {
	if (!process.env.SPEEDSCOPE) return console.log("SKIP consumers: no npm package speedscope here");
	for (const [name, factor] of [["s.speedscope.json", 1], ["s.cpuprofile", 10000], ["s.pb.gz", 1], ["s.trace.json", 1], ["s.callgrind", 1]]) {
		const { model, faults } = await throughSpeedscope(make(name, plain));
		const got = stacks(model, model.profiles[0]);
		if (name === "s.pb.gz" || name === "s.callgrind") { // other files and lines are kept, the sums must be right
			const sum = Object.values(got).reduce((a, b) => a + b, 0);
			await check(`speedscope reads ${name}`, sum === 50 && !faults.length, { got, faults });
		} else {
			const names = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [name === "s.cpuprofile" ? k.replace(/:\d+\)/g, ")").replace(/:\d+:\d+\)/g, ")") : k, v]));
			await check(`speedscope reads ${name}: the same stacks`, same(names(got), names(folded(plain, factor))) && !faults.length, { got, faults });
		}
	}
	const { model, faults } = await throughSpeedscope(make("o.speedscope.json", ordered, "--flamechart"));
	await check("speedscope: a profile for each thread, of equal length", model.profiles.map((p) => p.name + p.endValue).join() === "t1" + 60000 + ",t2" + 60000
		&& model.profiles[0].unit === "microseconds" && !faults.length, { p: model.profiles.map((p) => [p.name, p.endValue, p.unit]), faults });
	await check("speedscope: gaps stay gaps", same(stacks(model, model.profiles[0]), { "main (app.py:1);a (app.py:2)": 20000, "main (app.py:1)": 30000 }), stacks(model, model.profiles[0]));
}

// The rows of the bottom-up table of Chrome's Performance panel, as text.
async function throughPanel(file) {
	const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
	await page.goto("devtools://devtools/bundled/devtools_app.html?panel=timeline");
	const input = page.locator('input[type=file][accept*="cpuprofile"]').first();
	await input.waitFor({ state: "attached", timeout: 30000 });
	await input.setInputFiles(file);
	await page.getByText("Bottom-up").first().waitFor({ timeout: 30000 });
	await page.locator("devtools-shortcut-dialog").evaluateAll((dialogs) => dialogs.forEach((dialog) => dialog.remove())); // it would lie over the tab
	await page.getByText("Bottom-up").first().click({ timeout: 30000 });
	const read = () => page.evaluate(() => {
		const texts = [];
		const walk = (node) => {
			if (node.shadowRoot) walk(node.shadowRoot);
			for (const child of node.children || []) walk(child);
			if (node.tagName === "TR" || (node.childNodes.length === 1 && node.firstChild.nodeType === 3)) texts.push(node.textContent.replace(/\s+/g, " "));
		};
		walk(document.body);
		return texts.join("\n");
	});
	let text = "", before;
	do { // until it stands still
		before = text;
		await page.waitForTimeout(1500);
		text = await read();
	} while (text !== before);
	await page.screenshot({ path: `${file}.panel.png` });
	await page.close();
	return text;
}

async function panel() {
	let text, threads;
	try {
		text = await throughPanel(make("p.cpuprofile", plain));
		threads = await throughPanel(make("t.cpuprofile", ordered, "--flamechart"));
	} catch (error) {
		return console.log("SKIP consumers: Chrome's Performance panel cannot be driven here: " + String(error).split("\n")[0]);
	}
	await check("Chrome's Performance panel: the whole range", /500(\.\d+)? ?ms/.test(text) && !text.includes("∞"), text.match(/.{0,40}range.{0,60}/i));
	for (const row of [/300\.0 ms ?60\.0 ?%.*leaf/, /100\.0 ms ?20\.0 ?%.*work/, /100\.0 ms ?20\.0 ?%.*idle "<x>"/])
		await check(`Chrome's Performance panel: ${row}`, row.test(text), text.slice(0, 500));
	await check("Chrome's Performance panel: a trace of several threads", /60(\.\d+)? ?ms/.test(threads) && !threads.includes("∞"), threads.match(/.{0,40}range.{0,60}/i));
}

try {
	await speedscope();
} catch (error) {
	await check("speedscope can be driven", false, String(error));
}
await panel();
await browser.close();
