/* ---- the data of the file, and the graphs made of it; nothing here knows the page ----
 *
 * A tree holds frames with a parent before its children, 0 is the root: parent, name (number), self, and where there
 * are any old (self before) and before (own weight of the parent on the left of this frame, in time order).
 * A graph is a tree laid out: frames in the order of rows, so that a row, and the children of a frame, are a range of
 * numbers. Nothing is recursive: a stack may be a million frames deep. */

class Reader {
	constructor(base64) {
		const text = atob(base64);
		this.bytes = new Uint8Array(text.length);
		for (let i = 0; i < text.length; i++)
			this.bytes[i] = text.charCodeAt(i);
		this.view = new DataView(this.bytes.buffer);
		this.at = 0;
	}
	integer() {
		let byte = this.bytes[this.at++], value = byte & 127;
		for (let unit = 128; byte > 127; unit *= 128) {
			byte = this.bytes[this.at++];
			value += (byte & 127) * unit;
		}
		return value;
	}
	double() {
		this.at += 8;
		return this.view.getFloat64(this.at - 8, true);
	}
	piece(size) {
		this.at += size;
		return this.bytes.subarray(this.at - size, this.at);
	}
}

/* Bytes put behind each other, without a limit. */
class Bytes {
	constructor() {
		this.bytes = new Uint8Array(65536);
		this.size = 0;
	}
	grow(size) {
		if (this.size + size <= this.bytes.length)
			return;
		const larger = new Uint8Array(2 * (this.size + size));
		larger.set(this.bytes.subarray(0, this.size));
		this.bytes = larger;
	}
	add(piece) {
		this.grow(piece.length);
		this.bytes.set(piece, this.size);
		this.size += piece.length;
	}
	repeat(from, size) {
		this.grow(size);
		this.bytes.copyWithin(this.size, from, from + size);
		this.size += size;
	}
}

/* The names as strings (no name holds a newline, so all are decoded at once), and their colours, three bytes each. */
function readNames(base64, count) {
	const reader = new Reader(base64), all = new Bytes(), newline = Uint8Array.of(10);
	const colors = new Uint8Array(3 * count);
	for (let i = 0, before = 0; i < count; i++) {
		const start = all.size;
		all.repeat(before, reader.integer());
		all.add(reader.piece(reader.integer()));
		all.add(newline);
		colors.set(reader.piece(3), 3 * i);
		before = start;
	}
	const texts = new TextDecoder("utf-8", {ignoreBOM: true}).decode(all.bytes.subarray(0, all.size)).split("\n");
	return {texts: texts.slice(0, count), colors};
}

function readTree(base64, count, {whole, compared, timed}) {
	const reader = new Reader(base64), path = new Int32Array(count + 1);
	const parent = new Int32Array(count), name = new Int32Array(count), self = new Float64Array(count);
	const old = compared ? new Float64Array(count) : null, before = timed ? new Float64Array(count) : null;
	const weight = () => whole ? reader.integer() : reader.double();
	for (let i = 0, depth = 0; i < count; i++) {
		const head = reader.integer();
		depth -= Math.floor(head / 4);
		parent[i] = depth ? path[depth - 1] : 0;
		path[depth++] = i;
		name[i] = reader.integer();
		if (head & 2)
			before[i] = weight();
		if (head & 1)
			self[i] = weight();
		if (old)
			old[i] = weight();
	}
	return {count, parent, name, self, old, before};
}
