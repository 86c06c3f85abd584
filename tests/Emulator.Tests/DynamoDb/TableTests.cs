using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class TableTests
{
    public sealed class Behaviour
    {
        [Fact]
        public async Task A_table_is_creating_then_active_then_deleting_then_gone()
        {
            await using var dynamo = await Start();
            var created = (await dynamo.Client.CreateTableAsync(Simple())).TableDescription;
            var active = (await dynamo.Client.DescribeTableAsync("table")).Table;
            var deleting = (await dynamo.Client.DeleteTableAsync("table")).TableDescription;
            await Assert.ThrowsAsync<ResourceInUseException>(() => dynamo.Client.CreateTableAsync(Simple()));
            var error = await Assert.ThrowsAsync<ResourceNotFoundException>(async () =>
            {
                await dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
                await dynamo.Client.DescribeTableAsync("table");
            });

            Assert.Equal(
                [TableStatus.CREATING, TableStatus.ACTIVE, TableStatus.DELETING],
                [created.TableStatus, active.TableStatus, deleting.TableStatus]
            );
            Assert.Equal("arn:aws:dynamodb:us-east-1:000000000000:table/table", created.TableArn);
            Assert.Equal("Requested resource not found: Table: table not found", error.Message);
            Assert.Empty((await dynamo.Client.ListTablesAsync()).TableNames ?? []);
        }

        [Fact]
        public async Task A_new_index_has_what_was_there_and_an_old_one_goes()
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("g", S("x")));
            await dynamo.Put("table", ("pk", S("wrong type")), ("g", N("1")));
            var request = new UpdateTableRequest
            {
                TableName = "table",
                AttributeDefinitions = [new("g", ScalarAttributeType.S)],
                GlobalSecondaryIndexUpdates =
                [
                    new()
                    {
                        Create = new()
                        {
                            IndexName = "index",
                            KeySchema = [new("g", KeyType.HASH)],
                            Projection = new() { ProjectionType = ProjectionType.ALL },
                        },
                    },
                ],
            };

            var updating = (await dynamo.Client.UpdateTableAsync(request)).TableDescription;
            await Assert.ThrowsAsync<ResourceInUseException>(() => dynamo.Client.UpdateTableAsync(request));
            var active = (await dynamo.Client.DescribeTableAsync("table")).Table;
            var found = await dynamo.Client.QueryAsync(
                new QueryRequest("table")
                {
                    IndexName = "index",
                    KeyConditionExpression = "g = :g",
                    ExpressionAttributeValues = Item((":g", S("x"))),
                }
            );

            Assert.Equal(
                (TableStatus.UPDATING, IndexStatus.CREATING),
                (updating.TableStatus, updating.GlobalSecondaryIndexes[0].IndexStatus)
            );
            Assert.Equal((TableStatus.ACTIVE, IndexStatus.ACTIVE), (active.TableStatus, active.GlobalSecondaryIndexes[0].IndexStatus));
            Assert.Equal("a", Assert.Single(found.Items)["pk"].S);

            await dynamo.Client.UpdateTableAsync(
                new UpdateTableRequest
                {
                    TableName = "table",
                    GlobalSecondaryIndexUpdates = [new() { Delete = new() { IndexName = "index" } }],
                }
            );
            var after = (await dynamo.Client.DescribeTableAsync("table")).Table;
            Assert.Empty(after.GlobalSecondaryIndexes ?? []);
        }

        [Fact]
        public async Task An_instant_emulator_has_tables_that_are_active_when_the_call_returns()
        {
            await using var dynamo = await Start(new LocalCloudOptions { Instant = true });

            var created = await dynamo.Client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = "table",
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
                    KeySchema = [new("pk", KeyType.HASH)],
                }
            );
            await dynamo.Put("table", ("pk", S("a")));
            var updated = await dynamo.Client.UpdateTableAsync(
                new UpdateTableRequest { TableName = "table", DeletionProtectionEnabled = false }
            );
            await dynamo.Client.DeleteTableAsync("table");

            Assert.Equal(
                (TableStatus.ACTIVE, TableStatus.ACTIVE),
                (created.TableDescription.TableStatus, updated.TableDescription.TableStatus)
            );
            Assert.Empty((await dynamo.Client.ListTablesAsync()).TableNames ?? []);
        }

        /// <summary>Recorded on AWS.</summary>
        [Fact]
        public async Task Warm_throughput_is_shown_of_tables_and_global_indexes()
        {
            await using var dynamo = await Start();
            await dynamo.Table(
                "free",
                change: request =>
                {
                    request.AttributeDefinitions.Add(new("g", ScalarAttributeType.S));
                    request.GlobalSecondaryIndexes =
                    [
                        new()
                        {
                            IndexName = "index",
                            KeySchema = [new("g", KeyType.HASH)],
                            Projection = new() { ProjectionType = ProjectionType.ALL },
                        },
                    ];
                }
            );
            await dynamo.Table(
                "bought",
                change: request => (request.BillingMode, request.ProvisionedThroughput) = (BillingMode.PROVISIONED, new(5, 6))
            );

            var free = (await dynamo.Client.DescribeTableAsync("free")).Table;
            var bought = (await dynamo.Client.DescribeTableAsync("bought")).Table.WarmThroughput;

            Assert.Equal(
                (12000, 4000, TableStatus.ACTIVE),
                (free.WarmThroughput.ReadUnitsPerSecond, free.WarmThroughput.WriteUnitsPerSecond, free.WarmThroughput.Status)
            );
            Assert.Equal(
                (12000, 4000),
                (
                    free.GlobalSecondaryIndexes[0].WarmThroughput.ReadUnitsPerSecond,
                    free.GlobalSecondaryIndexes[0].WarmThroughput.WriteUnitsPerSecond
                )
            );
            Assert.Equal((5, 6), (bought.ReadUnitsPerSecond, bought.WriteUnitsPerSecond));
        }

        /// <summary>Recorded on AWS.</summary>
        [Fact]
        public async Task Encryption_that_is_switched_off_is_shown_as_updating_first()
        {
            await using var dynamo = await Start();
            await dynamo.Table(change: request => request.SSESpecification = new() { Enabled = true });

            var updating = (
                await dynamo.Client.UpdateTableAsync(
                    new UpdateTableRequest
                    {
                        TableName = "table",
                        SSESpecification = new() { Enabled = false },
                    }
                )
            ).TableDescription;
            var after = (await dynamo.Client.DescribeTableAsync("table")).Table;

            Assert.Equal(SSEStatus.UPDATING, updating.SSEDescription.Status);
            Assert.Null(after.SSEDescription);
        }

        [Fact]
        public async Task Billing_protection_tags_recovery_and_limits_are_kept()
        {
            await using var dynamo = await Start();
            var arn = (await dynamo.Table()).TableArn;
            await dynamo.Client.UpdateTableAsync(
                new UpdateTableRequest
                {
                    TableName = "table",
                    BillingMode = BillingMode.PROVISIONED,
                    ProvisionedThroughput = new(5, 6),
                    DeletionProtectionEnabled = true,
                    TableClass = TableClass.STANDARD_INFREQUENT_ACCESS,
                }
            );
            var table = (await dynamo.Client.DescribeTableAsync("table")).Table;
            Assert.Equal((5, 6), (table.ProvisionedThroughput.ReadCapacityUnits, table.ProvisionedThroughput.WriteCapacityUnits));
            Assert.True(table.DeletionProtectionEnabled);
            Assert.Equal(TableClass.STANDARD_INFREQUENT_ACCESS, table.TableClassSummary.TableClass);
            var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => dynamo.Client.DeleteTableAsync("table"));
            Assert.Equal(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
                error.Message
            );

            await dynamo.Client.TagResourceAsync(
                new TagResourceRequest { ResourceArn = arn, Tags = [new() { Key = "a", Value = "1" }, new() { Key = "b", Value = "2" }] }
            );
            await dynamo.Client.UntagResourceAsync(new UntagResourceRequest { ResourceArn = arn, TagKeys = ["a"] });
            Assert.Equal(
                "b",
                Assert.Single((await dynamo.Client.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = arn })).Tags).Key
            );

            await dynamo.Client.UpdateContinuousBackupsAsync(
                new UpdateContinuousBackupsRequest
                {
                    TableName = "table",
                    PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true },
                }
            );
            var backups = (
                await dynamo.Client.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = "table" })
            ).ContinuousBackupsDescription;
            Assert.Equal(PointInTimeRecoveryStatus.ENABLED, backups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus);
            Assert.Equal(80000, (await dynamo.Client.DescribeLimitsAsync(new DescribeLimitsRequest())).AccountMaxReadCapacityUnits);
        }

        [Fact]
        public async Task A_table_under_a_customers_key_is_unreadable_while_the_key_is_disabled_and_can_change_keys()
        {
            await using var dynamo = await Start();
            using var kms = Kms.KmsTests.Client(dynamo.Cloud);
            var one = (await kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest())).KeyMetadata;
            var other = (await kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest())).KeyMetadata;
            var table = await dynamo.Table(change: request =>
                request.SSESpecification = new()
                {
                    Enabled = true,
                    SSEType = SSEType.KMS,
                    KMSMasterKeyId = one.KeyId,
                }
            );
            Assert.Equal(one.Arn, table.SSEDescription.KMSMasterKeyArn);
            await dynamo.Put("table", ("pk", S("a")));

            await dynamo.Client.UpdateTableAsync(
                new UpdateTableRequest
                {
                    TableName = "table",
                    SSESpecification = new()
                    {
                        Enabled = true,
                        SSEType = SSEType.KMS,
                        KMSMasterKeyId = other.KeyId,
                    },
                }
            );
            await kms.DisableKeyAsync(one.KeyId);
            Assert.Single((await dynamo.Client.GetItemAsync("table", Item(("pk", S("a"))))).Item);

            await kms.DisableKeyAsync(other.KeyId);
            var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => dynamo.Client.GetItemAsync("table", Item(("pk", S("a")))));
            Assert.Equal("AccessDeniedException", error.ErrorCode);
        }
    }

    public sealed class Capacity
    {
        [Fact]
        public async Task Each_index_entry_that_changes_costs_and_a_moved_one_costs_twice()
        {
            await using var dynamo = await Start();
            await dynamo.Table(change: request =>
            {
                request.AttributeDefinitions.Add(new("g", ScalarAttributeType.S));
                request.GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "index",
                        KeySchema = [new("g", KeyType.HASH)],
                        Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                    },
                ];
            });

            Assert.Equal((2, 1, 1), await Cost(("g", S("x"))));
            Assert.Equal((1, 1, null), await Cost(("g", S("x")), ("other", S("o"))));
            Assert.Equal((3, 1, 2), await Cost(("g", S("y")), ("other", S("o"))));
            Assert.Equal((3, 2, 1), await Cost(("other", S(new string('x', 1500)))));
            Assert.Equal((2, 2, null), await Cost(("other", S("small"))));

            async Task<(double Total, double Table, double? Index)> Cost(params (string, AttributeValue)[] attributes)
            {
                var consumed = (
                    await dynamo.Client.PutItemAsync(
                        new PutItemRequest("table", Item([("pk", S("a")), .. attributes]))
                        {
                            ReturnConsumedCapacity = ReturnConsumedCapacity.INDEXES,
                        }
                    )
                ).ConsumedCapacity;
                return (
                    consumed.CapacityUnits!.Value,
                    consumed.Table.CapacityUnits!.Value,
                    consumed.GlobalSecondaryIndexes?.GetValueOrDefault("index")?.CapacityUnits
                );
            }
        }

        [Theory]
        [InlineData(false, 4096, 0.5)]
        [InlineData(true, 4096, 1)]
        [InlineData(false, 4097, 1)]
        [InlineData(true, 8193, 3)]
        public async Task A_read_costs_by_4_KB(bool consistent, int size, double units)
        {
            await using var dynamo = await Start();
            await dynamo.Table();
            await dynamo.Put("table", ("pk", S("a")), ("v", S(new string('x', size - 4))));

            var answer = await dynamo.Client.GetItemAsync(
                new GetItemRequest("table", Item(("pk", S("a"))))
                {
                    ConsistentRead = consistent,
                    ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
                }
            );

            Assert.Equal(units, answer.ConsumedCapacity.CapacityUnits);
        }
    }

    public sealed class Validation
    {
        [Theory]
        [InlineData("""{"TableName":"ab"}""", "TableName must be at least 3 characters long and at most 255 characters long")]
        [InlineData(
            """{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}""",
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )]
        [InlineData(
            """{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"b","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}""",
            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]"
        )]
        [InlineData(
            """{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}""",
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
        )]
        [InlineData(
            """{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"RANGE"}]}""",
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
        )]
        [InlineData(
            """{"TableName":"abc","BillingMode":"X","AttributeDefinitions":[],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}""",
            "1 validation error detected: Value 'X' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"
        )]
        public async Task What_AWS_refuses_is_refused_in_its_words(string body, string message)
        {
            await using var dynamo = await Start();

            Assert.Equal(("ValidationException", message), await dynamo.Fails("CreateTable", body));
        }

        [Fact]
        public async Task What_is_not_done_is_refused_by_name()
        {
            await using var dynamo = await Start();

            Assert.Equal(
                ("NotImplemented", "The Disa emulator does not support dynamodb:ImportTable."),
                await dynamo.Fails("ImportTable", "{}")
            );
        }
    }

    private static CreateTableRequest Simple() =>
        new()
        {
            TableName = "table",
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
            KeySchema = [new("pk", KeyType.HASH)],
        };
}
