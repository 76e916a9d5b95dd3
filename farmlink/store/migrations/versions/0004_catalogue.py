"""Catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_catalogue"
down_revision = "0003_policy"


def upgrade() -> None:
    op.create_table('product',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', postgresql.JSONB(), nullable=False),
    sa.Column('family', sa.Text(), nullable=False),
    sa.Column('base_unit', sa.Text(), nullable=False),
    sa.Column('unit_weight_g', sa.BigInteger(), nullable=False),
    sa.Column('volume_ml_per_1000', sa.BigInteger(), nullable=False),
    sa.Column('shelf_days', sa.BigInteger(), nullable=False),
    sa.Column('cold_classes', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('allergens', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('catch_weight', sa.Boolean(), nullable=False),
    sa.Column('spoilage_ppm_per_day', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("NOT catch_weight OR base_unit = 'piece'", name='product_catch_weight_is_counted'),
    sa.CheckConstraint("allergens <@ ARRAY['celery', 'crustaceans', 'eggs', 'fish', 'gluten', 'lupin', 'milk', 'molluscs', 'mustard', 'nuts', 'peanuts', 'sesame', 'soya', 'sulphites']", name='product_allergens'),
    sa.CheckConstraint("base_unit IN ('gram', 'piece')", name='product_base_unit'),
    sa.CheckConstraint("btrim(coalesce(name->>'en', '')) <> '' AND btrim(coalesce(name->>'zh-CN', '')) <> '' AND name - 'en' - 'zh-CN' = '{}'::jsonb", name='product_name_in_both_languages'),
    sa.CheckConstraint("cardinality(cold_classes) > 0 AND cold_classes <@ ARRAY['ambient', 'chilled', 'frozen']", name='product_cold_classes'),
    sa.CheckConstraint("code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name='product_code_is_a_slug'),
    sa.CheckConstraint("unit_weight_g > 0 AND (base_unit <> 'gram' OR unit_weight_g = 1)", name='product_unit_weight'),
    sa.CheckConstraint('shelf_days BETWEEN 1 AND 3650', name='product_shelf_days'),
    sa.CheckConstraint('spoilage_ppm_per_day BETWEEN 0 AND 1000000', name='product_spoilage'),
    sa.CheckConstraint('volume_ml_per_1000 > 0', name='product_volume'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    op.create_index(op.f('ix_product_family'), 'product', ['family'], unique=False)
    op.create_table('grade',
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('rank', sa.BigInteger(), nullable=False),
    sa.Column('name', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint("btrim(coalesce(name->>'en', '')) <> '' AND btrim(coalesce(name->>'zh-CN', '')) <> '' AND name - 'en' - 'zh-CN' = '{}'::jsonb", name='grade_name_in_both_languages'),
    sa.CheckConstraint('rank BETWEEN 1 AND 5', name='grade_rank'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.PrimaryKeyConstraint('product_id', 'rank')
    )
    op.create_table('variant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('name', postgresql.JSONB(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(coalesce(name->>'en', '')) <> '' AND btrim(coalesce(name->>'zh-CN', '')) <> '' AND name - 'en' - 'zh-CN' = '{}'::jsonb", name='variant_name_in_both_languages'),
    sa.CheckConstraint('quantity > 0', name='variant_quantity'),
    sa.CheckConstraint('weight_g > 0', name='variant_weight'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('product_id', 'name', name='variant_name_once')
    )
    op.create_index(op.f('ix_variant_product_id'), 'variant', ['product_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_variant_product_id'), table_name='variant')
    op.drop_table('variant')
    op.drop_table('grade')
    op.drop_index(op.f('ix_product_family'), table_name='product')
    op.drop_table('product')
