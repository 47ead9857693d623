-- Everything that says what a database is and who may do what in it, as text that two databases can be compared by.
SELECT 'column', c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
    pg_get_expr(d.adbin, d.adrelid), (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) AS x))
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
  WHERE c.relnamespace::regnamespace::text IN ('public', 'lock', 'trail') AND c.relkind IN ('r', 'v', 'p') AND a.attnum > 0
  AND NOT a.attisdropped
UNION ALL SELECT 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity,
    c.relforcerowsecurity, c.reloptions::text, pg_get_userbyid(c.relowner),
    (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(c.relacl) AS x))
  FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('public', 'lock', 'trail') AND c.relkind <> 'i'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'lock', 'trail')
UNION ALL SELECT 'constraint', conrelid::regclass::text || '.' || conname, convalidated::text || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'lock', 'trail')
UNION ALL SELECT 'policy', tablename || '.' || policyname, concat_ws(' ', permissive, roles::text, cmd, qual, with_check)
  FROM pg_policies
UNION ALL SELECT 'trigger', tgrelid::regclass::text || '.' || tgname, tgenabled::text || pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname IN ('public', 'lock', 'trail')
UNION ALL SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid),
    (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(p.proacl) AS x))
  FROM pg_proc p WHERE p.pronamespace::regnamespace::text IN ('public', 'lock', 'trail')
UNION ALL SELECT 'of the server', p.oid::regprocedure::text,
    (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(p.proacl) AS x)
  FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proacl IS NOT NULL
UNION ALL SELECT 'schema', nspname, concat_ws(' ', pg_get_userbyid(nspowner),
    (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(nspacl) AS x))
  FROM pg_namespace WHERE nspname IN ('public', 'lock', 'trail')
UNION ALL SELECT 'default', pg_get_userbyid(defaclrole) || defaclobjtype::text, defaclacl::text FROM pg_default_acl
UNION ALL SELECT 'statistics', stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
UNION ALL SELECT 'extension', extname, '' FROM pg_extension
UNION ALL SELECT 'law', kind, concat_ws(' ', source, action, target) FROM lock.law_step
UNION ALL SELECT 'law', kind, concat_ws(' ', state, action) FROM lock.law_start
UNION ALL SELECT 'law', kind, state FROM lock.law_final
UNION ALL SELECT 'migration', app, name FROM django_migrations
UNION ALL SELECT 'column seen', tab, col FROM trail.column_seen
