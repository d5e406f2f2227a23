/** Reads a stream of server-sent events, one by one; comments are passed over. */
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
  return {
    status: response.status,
    headers: response.headers,
    next: async (): Promise<ServerSentEvent> => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const field = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
          if (field('data') !== '') return { id: field('id'), event: field('event'), data: field('data') };
          continue;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream ended');
        text += decoder.decode(value, { stream: true });
      }
    },
    close: async (): Promise<void> => {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
