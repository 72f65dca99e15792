// For formats.test: looks at the files in the folder given. Prints PASS, FAIL and SKIP lines.
const fs = require("fs"), path = require("path"), zlib = require("zlib");
const out = process.argv[2];
const check = (name, good, why) => console.log(good ? `PASS formats: ${name}` : `FAIL formats: ${name}: ${JSON.stringify(why)?.slice(0, 600)}`);
const json = (name) => JSON.parse(fs.readFileSync(path.join(out, name), "utf8"));

function find(name) {
	try {
		return require.resolve(name);
	} catch {
		console.log(`SKIP formats: no npm package ${name.split("/")[0]} here`);
		return null;
	}
}

// Profiler.Profile of the DevTools protocol (js_protocol.json), as a JSON schema.
const integer = { type: "integer" }, string = { type: "string" };
const profile = {
	type: "object", required: ["nodes", "startTime", "endTime"],
	properties: {
		startTime: { type: "number" }, endTime: { type: "number" },
		samples: { type: "array", items: integer }, timeDeltas: { type: "array", items: integer },
		nodes: { type: "array", minItems: 1, items: {
			type: "object", required: ["id", "callFrame"],
			properties: {
				id: integer, hitCount: integer, children: { type: "array", items: integer },
				callFrame: { type: "object", required: ["functionName", "scriptId", "url", "lineNumber", "columnNumber"],
					properties: { functionName: string, scriptId: string, url: string, lineNumber: integer, columnNumber: integer } },
			},
		} },
	},
};

const validator = find("ajv"), schema = find("speedscope/dist/release/file-format-schema.json");
if (validator) {
	const Ajv = require(validator), ajv = new Ajv({ strict: false, allErrors: true });
	for (const kind of ["plain", "time"]) {
		const good = schema && ajv.validate(JSON.parse(fs.readFileSync(schema, "utf8")), json(`${kind}.speedscope`));
		if (schema)
			check(`speedscope's schema: ${kind}`, good, ajv.errors);
	}
	check("the protocol's profile", ajv.validate(profile, json("plain.cpuprofile")), ajv.errors);
	const chunks = json("time.cpuprofile").traceEvents;
	check("a trace of profiles", Array.isArray(chunks) && chunks.every((event) => typeof event.ph === "string" && "ts" in event), chunks?.[0]);
}

const decoder = find("pprof-format");
if (decoder) {
	const { Profile } = require(decoder), read = Profile.decode(zlib.gunzipSync(fs.readFileSync(path.join(out, "x.pb.gz"))));
	const text = (i) => read.stringTable.strings[Number(i)];
	const names = (sample) => sample.locationId.flatMap((id) => read.location.find((l) => l.id === id).line)
		.map((line) => text(read.function.find((f) => f.id === line.functionId).name));
	const stacks = read.sample.map((s) => `${names(s).reverse().join(";")} ${s.value[0]}`).sort();
	check("pprof-format", stacks.join() === 'main;"idle" 10,main;work 10,main;work;leaf 30', stacks);
}
