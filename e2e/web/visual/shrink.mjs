// Writes the baselines anew with at most 256 colours each: a third of the bytes, and nothing that an eye or the comparison sees.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const INDEXED = 3;
/** Bytes of a pixel, by the colour types that Chromium writes. */
const DEPTHS = { 2: 3, 6: 4 };

const directory = join(import.meta.dirname, "baselines");
let [before, after] = [0, 0];
for (const name of readdirSync(directory)) {
  const path = join(directory, name);
  const file = readFileSync(path);
  const small = shrunk(file);
  before += file.length;
  after += small.length;
  if (small !== file) writeFileSync(path, small);
}
console.log(`${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB now`);

/** The same file where it is small already. */
function shrunk(file) {
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === "IHDR").data;
  const [width, height, colourType] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9]];
  if (colourType === INDEXED) return file;
  const depth = DEPTHS[colourType];
  const data = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const colours = coloursOf(inflateSync(data), width, height, depth);
  const palette = paletteOf(colours);
  const index = nearestIn(palette);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = index(colours[y * width + x]);
  }
  header[9] = INDEXED;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap(partsOf))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunksOf(file) {
  const chunks = [];
  for (let at = SIGNATURE.length; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString("latin1", at + 4, at + 8),
      data: Buffer.from(file.subarray(at + 8, at + 8 + length)),
    });
    at += length + 12;
  }
  return chunks;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** Each pixel as 0xRRGGBB; what the filters of the rows took away is put back first. */
function coloursOf(data, width, height, depth) {
  const stride = width * depth;
  const colours = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const from = y * (stride + 1);
    const filter = data[from];
    const row = data.subarray(from + 1, from + 1 + stride);
    for (let i = 0; i < stride; i += 1) {
      const left = i < depth ? 0 : row[i - depth];
      const corner = i < depth ? 0 : above[i - depth];
      row[i] += predicted(filter, left, above[i], corner);
    }
    for (let x = 0; x < width; x += 1) colours[y * width + x] = row.readUIntBE(x * depth, 3);
    above = row;
  }
  return colours;
}

function predicted(filter, left, up, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** What is most of the picture, and for the rest colours that are apart from one another. */
function paletteOf(colours) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts.keys()].toSorted((a, b) => counts.get(b) - counts.get(a) || a - b);
  for (let apart = 0; ; apart += 2) {
    const palette = [];
    for (const colour of byCount) {
      if (palette.length > 256) break;
      if (palette.every((other) => distance(other, colour) > apart)) palette.push(colour);
    }
    if (palette.length <= 256) return palette;
  }
}

function nearestIn(palette) {
  const known = new Map(palette.map((colour, at) => [colour, at]));
  return (colour) => {
    let found = known.get(colour);
    if (found === undefined) {
      found = palette.reduce(
        (best, other, at) => (distance(other, colour) < distance(palette[best], colour) ? at : best),
        0,
      );
      known.set(colour, found);
    }
    return found;
  };
}

function partsOf(colour) {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

/** The largest of the three differences. */
function distance(one, other) {
  const [a, b] = [partsOf(one), partsOf(other)];
  return Math.max(...a.map((part, at) => Math.abs(part - b[at])));
}
