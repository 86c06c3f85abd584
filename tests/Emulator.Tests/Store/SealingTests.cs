using System.Text;
using Disa.Emulator.Store;
using Disa.Emulator.Tests.Lambda;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Tests.Store;

/// <summary>The data folder is its owner's alone, and whoever gets at the file without the root key reads nothing in it.</summary>
public sealed class SealingTests : IDisposable
{
    private const string Secret = "opensesame";
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Nothing_that_somebody_entrusted_is_readable_in_the_files()
    {
        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            await Fill(cloud);
            Assert.DoesNotContain(Secret, Files(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secret, Files(), StringComparison.Ordinal);
        await using var again = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        await Check(again);
    }

    [Fact]
    public async Task Access_keys_secrets_are_not_readable_in_the_files()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        await cloud.Query("iam", "CreateUser", ("UserName", "u"));
        var key = System
            .Xml.Linq.XElement.Parse(await cloud.Query("iam", "CreateAccessKey", ("UserName", "u")))
            .Descendants()
            .First(e => e.Name.LocalName == "SecretAccessKey")
            .Value;

        Assert.DoesNotContain(key, Files(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_an_older_version_opens_and_is_sealed()
    {
        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            await Fill(cloud);
        }

        Unseal();
        Assert.Contains(Secret, Files(), StringComparison.Ordinal);

        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            await Check(cloud);
        }

        Assert.DoesNotContain(Secret, Files(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await System.IO.File.WriteAllTextAsync(Path.Combine(directory, "disa.db"), "");
        System.IO.File.SetUnixFileMode(Path.Combine(directory, "disa.db"), (UnixFileMode)0b110_100_100);
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        await Fill(cloud);

        Assert.Equal((UnixFileMode)0b111_000_000, System.IO.File.GetUnixFileMode(directory));
        Assert.NotEmpty(Directory.GetFiles(directory, "*-wal"));
        foreach (var file in Directory.GetFiles(directory))
        {
            Assert.Equal((UnixFileMode)0, System.IO.File.GetUnixFileMode(file) & (UnixFileMode)0b111_111);
        }
    }

    private static async Task Fill(TestCloud cloud)
    {
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await cloud.Json(
            "sqs",
            "AmazonSQS.SendMessage",
            $$$$"""{"QueueUrl":"{{{{cloud.Endpoint}}}}000000000000/q","MessageBody":"{{{{Secret}}}}","MessageAttributes":{"a":{"DataType":"String","StringValue":"{{{{Secret}}}}"}}}"""
        );
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"g"}""");
        await cloud.Json("logs", "Logs_20140328.CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cloud.Json(
            "logs",
            "Logs_20140328.PutLogEvents",
            $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{now}},"message":"{{Secret}}"}]}"""
        );
        var machine = (
            await cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                """{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","definition":"{\"Comment\":\"opensesame\",\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"Next\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":9000,\"End\":true}}}"}"""
            )
        )
            .GetProperty("stateMachineArn")
            .GetString();
        await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{machine}}","name":"e","input":"{\"a\":\"{{Secret}}\"}"}"""
        );
        await cloud.Query(
            "cloudformation",
            "CreateStack",
            ("StackName", "s"),
            (
                "TemplateBody",
                "Parameters: {P: {Type: String, NoEcho: true}}\nResources: {Q: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: k, Value: !Ref P}]}}}"
            ),
            ("Parameters.member.1.ParameterKey", "P"),
            ("Parameters.member.1.ParameterValue", Secret)
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        await cloud.CreateFunction(
            "f",
            "python3.12",
            "index.handler",
            FunctionFixture.Zip(("index.py", "x")),
            $$$"""
            "Environment":{"Variables":{"AB":"{{{Secret}}}"}}
            """
        );
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", Secret, ("x-amz-meta-a", Secret));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
    }

    private static async Task Check(TestCloud cloud)
    {
        Assert.Contains(
            Secret,
            (await cloud.Json("logs", "Logs_20140328.FilterLogEvents", """{"logGroupName":"g"}""")).GetRawText(),
            StringComparison.Ordinal
        );
        var execution = await cloud.Json(
            "states",
            "AWSStepFunctions.DescribeExecution",
            """{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:e"}"""
        );
        Assert.Contains(Secret, execution.GetProperty("input").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            Secret,
            (
                await cloud.Json(
                    "states",
                    "AWSStepFunctions.GetExecutionHistory",
                    """{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:e"}"""
                )
            ).GetRawText(),
            StringComparison.Ordinal
        );
        var received = await cloud.Json(
            "sqs",
            "AmazonSQS.ReceiveMessage",
            $$"""{"QueueUrl":"{{cloud.Endpoint}}000000000000/q","MessageAttributeNames":["All"]}"""
        );
        Assert.Equal(
            Secret,
            received.GetProperty("Messages")[0].GetProperty("MessageAttributes").GetProperty("a").GetProperty("StringValue").GetString()
        );
        Assert.Contains(
            Secret,
            await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/f/configuration"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "CREATE_COMPLETE",
            await cloud.Query("cloudformation", "DescribeStackEvents", ("StackName", "s")),
            StringComparison.Ordinal
        );
    }

    private string Files() =>
        string.Concat(
            Directory
                .GetFiles(directory, "disa.db*")
                .Select(file =>
                {
                    using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    var bytes = new byte[stream.Length];
                    stream.ReadExactly(bytes);
                    return Encoding.Latin1.GetString(bytes);
                })
        );

    /// <summary>Makes of the folder what an older version would have left.</summary>
    private void Unseal()
    {
        var key = Disa.Emulator.Kms.RootKey.Open(directory, mayCreate: false).Derive("disa.db columns");
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "disa.db")};Pooling=False");
        connection.Open();
        using var seal = ColumnSeal.Register(connection, key);
        foreach (var column in CloudDatabase.SealedColumns)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE {column.Table} SET {column.Column} = open('{column.Table}', {column.Column})";
            command.ExecuteNonQuery();
        }

        using var marks = connection.CreateCommand();
        marks.CommandText = "DELETE FROM store_schema WHERE room LIKE 'sealed:%'";
        marks.ExecuteNonQuery();
    }
}
