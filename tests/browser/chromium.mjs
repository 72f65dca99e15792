// What the browser's tests share: the browser, and checks that wait for a page which is still at work.
import { createRequire } from "node:module";

const WAIT = 20000; // ms: a busy machine may be that slow
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export function launch(...options) {
	const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);
	return chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--no-first-run",
		"--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...options] });
}

// {check, is} print PASS and FAIL lines. What is looked at is a value, or a function that is asked until it is good.
export function reporter(subject) {
	async function settled(look, good) {
		const end = Date.now() + WAIT;
		for (;;) {
			const got = typeof look === "function" ? await look() : look;
			if (good(got) || typeof look !== "function" || Date.now() > end)
				return got;
			await pause(50);
		}
	}
	async function check(name, look, why) {
		const got = await settled(look, Boolean);
		const reason = got ? "" : ": " + JSON.stringify(typeof why === "function" ? await why() : why)?.slice(0, 600);
		console.log(`${got ? "PASS" : "FAIL"} ${subject}: ${name}${reason}`);
	}
	async function is(name, look, expected) {
		const got = await settled(look, (value) => value === expected);
		console.log(got === expected ? `PASS ${subject}: ${name}` : `FAIL ${subject}: ${name}: ${JSON.stringify(got)}`);
	}
	return { check, is };
}
