import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models

PARTITIONS = 16

# What is in it can be made again (`manage.py index_messages`), so it is not copied.
FORWARD = f"""
DROP TABLE conversations_searchentry;
CREATE TABLE conversations_searchentry (
    message_id uuid NOT NULL REFERENCES conversations_message (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    role varchar(9) NOT NULL,
    model_key varchar(160) NOT NULL,
    said_at timestamptz NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (message_id, owner_id)
) PARTITION BY HASH (owner_id);
-- Stored in the row itself: reading one person's words from the newest back then needs no second table.
ALTER TABLE conversations_searchentry ALTER COLUMN words SET STORAGE MAIN;
DO $$ BEGIN
    FOR number IN 0..{PARTITIONS - 1} LOOP
        EXECUTE format('CREATE TABLE conversations_searchentry_%s PARTITION OF conversations_searchentry
            FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER %s)', number, number);
    END LOOP;
END $$;
CREATE INDEX search_entry_newest ON conversations_searchentry (owner_id, workspace_id, said_at DESC, message_id);
CREATE INDEX search_entry_words ON conversations_searchentry USING gin (owner_id, words);
"""

BACKWARD = """
DROP TABLE conversations_searchentry;
CREATE TABLE conversations_searchentry (
    message_id uuid NOT NULL PRIMARY KEY REFERENCES conversations_message (id) DEFERRABLE INITIALLY DEFERRED,
    conversation_id uuid NOT NULL REFERENCES conversations_conversation (id) DEFERRABLE INITIALLY DEFERRED,
    workspace_id uuid NOT NULL REFERENCES accounts_workspace (id) DEFERRABLE INITIALLY DEFERRED,
    owner_id uuid NOT NULL REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    role varchar(9) NOT NULL,
    model_key varchar(160) NOT NULL,
    said_at timestamptz NOT NULL,
    words tsvector NOT NULL
);
"""


def reference(to):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_chat_preferences"),
        ("conversations", "0006_transfer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGinExtension(),
        TrigramExtension(),
        migrations.AddIndex(
            model_name="conversation",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["owner", "title"], name="conversation_title_trigrams", opclasses=["uuid_ops", "gin_trgm_ops"]
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD, BACKWARD)],
            state_operations=[
                migrations.AlterField("searchentry", "conversation", reference("conversations.conversation")),
                migrations.AlterField("searchentry", "workspace", reference("accounts.workspace")),
                migrations.AlterField("searchentry", "owner", reference(settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
