/** A week that is made late takes its rows from the default partition: with them there PostgreSQL refuses it, and every later one too. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE OR REPLACE FUNCTION ensure_week_partitions(parent text, from_at timestamptz, until_at timestamptz) RETURNS void
       LANGUAGE plpgsql AS $$
       DECLARE week timestamptz := date_trunc('week', from_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
               child text;
               rest text := parent || '_rest';
               span text;
               is_late boolean;
       BEGIN
         WHILE week < until_at LOOP
           child := parent || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
           IF to_regclass(child) IS NULL THEN
             -- "RANGE (event_id)" names the column.
             span := format('%1$I >= %2$L AND %1$I < %3$L', substring(pg_get_partkeydef(parent::regclass) FROM '\\((.+)\\)'),
               uuid_v7_floor(week), uuid_v7_floor(week + interval '7 days'));
             -- The table before its parts, as every query locks them. Nothing is added between the look and the end.
             EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
             EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', rest);
             EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %s)', rest, span) INTO is_late;
             IF is_late THEN
               EXECUTE format('CREATE TEMPORARY TABLE late_rows AS SELECT * FROM %I WHERE %s', rest, span);
               EXECUTE format('DELETE FROM %I WHERE %s', rest, span);
             END IF;
             EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
               uuid_v7_floor(week), uuid_v7_floor(week + interval '7 days'));
             IF is_late THEN
               EXECUTE format('INSERT INTO %I SELECT * FROM late_rows', child);
               DROP TABLE late_rows;
             END IF;
           END IF;
           week := week + interval '7 days';
         END LOOP;
       END $$`,
    )
    .execute(db);
}
