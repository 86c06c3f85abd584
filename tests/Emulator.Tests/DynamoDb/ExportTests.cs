using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>By the pages "DynamoDB data export to Amazon S3" and "DynamoDB table export output format" of AWS's Developer Guide.</summary>
public sealed class ExportTests
{
    private const string Arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table";

    [Fact]
    public async Task A_table_is_written_to_a_bucket_as_it_was()
    {
        await using var dynamo = await Recoverable();
        using var s3 = S3(dynamo);
        await s3.PutBucketAsync("exports");
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("table", ("pk", S("b")), ("m", M(("x", S("y")))));

        var begun = (
            await dynamo.Client.ExportTableToPointInTimeAsync(
                new()
                {
                    TableArn = Arn,
                    S3Bucket = "exports",
                    S3Prefix = "here",
                }
            )
        ).ExportDescription;
        await dynamo.Put("table", ("pk", S("later")));
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        var done = (await dynamo.Client.DescribeExportAsync(new() { ExportArn = begun.ExportArn })).ExportDescription;

        Assert.Equal((ExportStatus.IN_PROGRESS, ExportFormat.DYNAMODB_JSON), (begun.ExportStatus, begun.ExportFormat));
        Assert.Matches(@"^arn:aws:dynamodb:us-east-1:000000000000:table/table/export/\d{14}-[0-9a-f]{8}$", begun.ExportArn);
        Assert.Equal((ExportStatus.COMPLETED, 2, null), (done.ExportStatus, done.ItemCount, done.FailureCode));
        var id = begun.ExportArn.Split('/')[^1];
        Assert.Equal($"here/AWSDynamoDB/{id}/manifest-summary.json", done.ExportManifest);

        using var summary = JsonDocument.Parse(await Text(s3, done.ExportManifest));
        Assert.Equal(
            ("2020-06-30", 2),
            (summary.RootElement.GetProperty("version").GetString(), summary.RootElement.GetProperty("itemCount").GetInt32())
        );
        Assert.Equal(JsonValueKind.Null, summary.RootElement.GetProperty("s3SseKmsKeyId").ValueKind);
        var files = await Bytes(s3, summary.RootElement.GetProperty("manifestFilesS3Key").GetString()!);
        Assert.Equal(Convert.ToBase64String(MD5.HashData(files)), await Text(s3, $"here/AWSDynamoDB/{id}/manifest-files.checksum"));
        using var file = JsonDocument.Parse(
            Assert.Single(Encoding.UTF8.GetString(files).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
        var data = await Bytes(s3, file.RootElement.GetProperty("dataFileS3Key").GetString()!);
        Assert.Equal(Convert.ToBase64String(MD5.HashData(data)), file.RootElement.GetProperty("md5Checksum").GetString());
        await using var unzipped = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.Equal(
            ["""{"Item":{"m":{"M":{"x":{"S":"y"}}},"pk":{"S":"b"}}}""", """{"Item":{"n":{"N":"1"},"pk":{"S":"a"}}}"""],
            (await reader.ReadToEndAsync(TestContext.Current.CancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_export_to_no_bucket_fails_and_says_why()
    {
        await using var dynamo = await Recoverable();

        var begun = await dynamo.Client.ExportTableToPointInTimeAsync(new() { TableArn = Arn, S3Bucket = "none" });
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        var failed = (await dynamo.Client.DescribeExportAsync(new() { ExportArn = begun.ExportDescription.ExportArn })).ExportDescription;
        Assert.Equal((ExportStatus.FAILED, "S3NoSuchBucket"), (failed.ExportStatus, failed.FailureCode));
        var listed = Assert.Single((await dynamo.Client.ListExportsAsync(new())).ExportSummaries);
        Assert.Equal((begun.ExportDescription.ExportArn, ExportStatus.FAILED), (listed.ExportArn, listed.ExportStatus));
    }

    [Fact]
    public async Task The_same_token_is_the_same_export()
    {
        await using var dynamo = await Recoverable();
        ExportTableToPointInTimeRequest To(string bucket) =>
            new()
            {
                TableArn = Arn,
                S3Bucket = bucket,
                ClientToken = "token",
            };

        var first = await dynamo.Client.ExportTableToPointInTimeAsync(To("one"));
        var again = await dynamo.Client.ExportTableToPointInTimeAsync(To("one"));

        Assert.Equal(first.ExportDescription.ExportArn, again.ExportDescription.ExportArn);
        await Assert.ThrowsAsync<ExportConflictException>(() => dynamo.Client.ExportTableToPointInTimeAsync(To("two")));
    }

    /// <summary>"The table export will be a snapshot of the table's state at this point in time": API_ExportTableToPointInTime.</summary>
    [Fact]
    public async Task A_table_is_written_as_it_was_at_a_time()
    {
        await using var dynamo = await Recoverable();
        using var s3 = S3(dynamo);
        await s3.PutBucketAsync("exports");
        await dynamo.Put("table", ("pk", S("a")));
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        var time = dynamo.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        await dynamo.Put("table", ("pk", S("b")));

        var begun = (
            await dynamo.Client.ExportTableToPointInTimeAsync(
                new()
                {
                    TableArn = Arn,
                    S3Bucket = "exports",
                    ExportTime = DateTimeOffset.FromUnixTimeSeconds(time).UtcDateTime,
                }
            )
        ).ExportDescription;
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        var done = (await dynamo.Client.DescribeExportAsync(new() { ExportArn = begun.ExportArn })).ExportDescription;

        Assert.Equal((ExportStatus.COMPLETED, 1), (done.ExportStatus, done.ItemCount));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(time).UtcDateTime, done.ExportTime);
    }

    [Theory]
    [InlineData("ExportTableToPointInTime", """{"TableArn":"ARN/none","S3Bucket":"b"}""", "TableNotFoundException")]
    [InlineData("ExportTableToPointInTime", """{"TableArn":"ARN/off","S3Bucket":"b"}""", "PointInTimeRecoveryUnavailableException")]
    [InlineData("ExportTableToPointInTime", """{"TableArn":"ARN/table","S3Bucket":"b","ExportTime":1}""", "InvalidExportTimeException")]
    [InlineData("ExportTableToPointInTime", """{"TableArn":"ARN/table","S3Bucket":"b","ExportFormat":"ION"}""", "NotImplemented")]
    [InlineData("ExportTableToPointInTime", """{"TableArn":"table","S3Bucket":"b"}""", "ValidationException")]
    [InlineData("DescribeExport", """{"ExportArn":"ARN/table/export/01234567890123-a1b2c3d4"}""", "ExportNotFoundException")]
    public async Task What_cannot_be_exported_is_refused(string operation, string body, string type)
    {
        await using var dynamo = await Recoverable();
        await dynamo.Table("off");

        var real = body.Replace("ARN", "arn:aws:dynamodb:us-east-1:000000000000:table", StringComparison.Ordinal);

        Assert.Equal(type, (await dynamo.Fails(operation, real)).Type);
    }

    private static async Task<Dynamo> Recoverable()
    {
        var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Client.UpdateContinuousBackupsAsync(
            new()
            {
                TableName = "table",
                PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true },
            }
        );
        return dynamo;
    }

    private static AmazonS3Client S3(Dynamo dynamo) =>
        new(
            new BasicAWSCredentials("000000000000", "secret"),
            new AmazonS3Config
            {
                ServiceURL = dynamo.Cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
            }
        );

    private static async Task<string> Text(AmazonS3Client s3, string key) => Encoding.UTF8.GetString(await Bytes(s3, key));

    private static async Task<byte[]> Bytes(AmazonS3Client s3, string key)
    {
        using var answer = await s3.GetObjectAsync("exports", key);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
