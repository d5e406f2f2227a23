/** Reads a stream of server-sent events, one by one; comments and ids alone are passed over unless these are asked for. */
export interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

export async function endpointStreamEvents(url: string, headers: Record<string, string>) {
  const abort = new AbortController();
  const response = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: abort.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const nextWith = async (wanted: keyof ServerSentEvent): Promise<ServerSentEvent> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        const one = { id: field('id'), event: field('event'), data: field('data') };
        if (one[wanted] !== '') return one;
        continue;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream ended');
      text += decoder.decode(value, { stream: true });
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next: () => nextWith('data'),
    /** The next id, with an event or alone. */
    nextId: async (): Promise<string> => (await nextWith('id')).id,
    close: async (): Promise<void> => {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
