/** Parts of a stored file. Safari asks for `bytes=0-1` of a sound first, and plays nothing unless it gets a 206. */

/** The whole response, or the bytes that `range` (a Range header, or null) asks for. */
export async function ranged(response: Response, range: string | null): Promise<Response> {
  if (range === null) return response;
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  // Several ranges at once, or other units: sending everything is allowed.
  if (!asked || (asked[1] === '' && asked[2] === '')) return response;
  const body = await response.arrayBuffer();
  const size = body.byteLength;
  const [, from = '', to = ''] = asked;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last || first >= size) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  const headers = new Headers(response.headers);
  headers.set('content-range', `bytes ${first}-${last}/${size}`);
  headers.set('content-length', String(last - first + 1));
  headers.set('accept-ranges', 'bytes');
  return new Response(body.slice(first, last + 1), { status: 206, headers });
}
