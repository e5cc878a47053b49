import sqlite from "node-sqlite3-wasm"

const retentionSeconds = 24 * 60 * 60

/**
 * Gives dynoxide's stream log the index that it lacks, and forgets records more than 24 hours older than the newest one. The
 * newest record of each table stays, because dynoxide numbers the next one after it. No process may have the file open.
 * False when the file's private schema is not the one that this was written for; the file is then as it was.
 */
export function indexStreamLog(database: string): boolean {
  const db = new sqlite.Database(database)
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE")
    db.exec(
      `CREATE INDEX IF NOT EXISTS foldline_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
       DELETE FROM _stream_records
       WHERE created_at < (SELECT MAX(created_at) FROM _stream_records) - ${retentionSeconds}
         AND id NOT IN (SELECT MAX(id) FROM _stream_records GROUP BY table_name);`,
    )
    return true
  } catch {
    return false
  } finally {
    db.close()
  }
}
