from django.db import migrations, models

# As in 0007, and besides: of an attempt of somebody whom nobody knows, what leads to them becomes empty after a month at the earliest.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION accounts_security_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rest accounts_securityevent%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        rest := NEW;
        rest.address := OLD.address;
        rest.agent := OLD.agent;
        rest.details := OLD.details;
        IF rest IS NOT DISTINCT FROM OLD
            AND (NEW.address IS NULL OR NEW.address IS NOT DISTINCT FROM OLD.address)
            AND NEW.agent IN ('', OLD.agent)
            AND NEW.details IN ('{}'::jsonb, OLD.details)
            AND (
                (OLD.subject_id IS NULL AND OLD.actor_id IS NULL AND OLD.created_at < now() - interval '30 days')
                OR EXISTS (
                    SELECT 1 FROM unnest(ARRAY[OLD.subject_id, OLD.actor_id]) AS person
                    WHERE person IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = person)
                )
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The trail of security events is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_exports_avatars_deletion"),
    ]

    operations = [
        # Backwards the function stays: what the former one refuses besides harms nobody.
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="securityevent",
            index=models.Index(
                condition=models.Q(("actor_id", None), ("subject_id", None), models.Q(("address", None), ("agent", ""), _negated=True)),
                fields=["created_at"],
                name="security_event_strangers",
            ),
        ),
    ]
