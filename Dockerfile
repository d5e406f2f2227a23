# One image for every process of Dateline: the command chooses the service (see docker-compose.yml).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --omit=optional --no-audit --no-fund --loglevel=error
COPY . .
RUN npx tsc -p . --incremental false
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund --loglevel=error
# The sources stay behind; what lies beside them (templates, styles, word lists) goes along.
RUN find apps libs demo -name '*.ts' -delete && find apps libs demo -type d -empty -delete

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data LOG_FORMAT=json UV_THREADPOOL_SIZE=64 MALLOC_ARENA_MAX=2
# As the launcher does: see scripts/launcher/apps.mjs and scripts/setup/node-flags.mjs.
ENV NODE_OPTIONS=--max-semi-space-size=64
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 8080 8081 8082 8083
STOPSIGNAL SIGTERM
# No service starts other processes: the container needs no init.
CMD ["node", "--enable-source-maps", "dist/apps/hub/src/main.js"]
