using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Tests.Store;

/// <summary>A data folder that cannot be used is refused with a sentence.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    private string File => Path.Combine(directory, "disa.db");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 10_000));
        await System.IO.File.WriteAllBytesAsync(Path.Combine(directory, "root.key"), new byte[32]);

        Assert.Contains("is not a database", await Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await Fill();
        await using (var stream = new FileStream(File, FileMode.Open))
        {
            stream.Seek(100, SeekOrigin.Begin);
            stream.Write(Enumerable.Repeat((byte)0xA5, 6000).ToArray());
        }

        Assert.Matches("is damaged|is not a database|cannot be used", await Refused());
    }

    [Fact]
    public async Task Tables_that_are_not_Disas_are_refused()
    {
        Execute("CREATE TABLE store_document (something TEXT)");
        await System.IO.File.WriteAllBytesAsync(Path.Combine(directory, "root.key"), new byte[32]);

        Assert.Contains("cannot be used", await Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await Fill();
        Execute("UPDATE store_schema SET version = 99 WHERE room = 'lambda'");

        Assert.Contains("written by a newer version of Disa (lambda 99", await Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_named()
    {
        await Fill();
        Execute("UPDATE store_document SET value = x'7b22' WHERE kind = 'sqs.queue'");

        Assert.Contains("sqs.queue 'orders'", await Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("short")]
    [InlineData("foreign")]
    public async Task A_root_key_that_is_not_the_databases_is_refused(string how)
    {
        await Fill();
        var key = Path.Combine(directory, "root.key");
        System.IO.File.Delete(key);
        if (how != "missing")
        {
            await System.IO.File.WriteAllBytesAsync(key, new byte[how == "short" ? 5 : 32]);
        }

        Assert.Contains("root.key", await Refused() + " root key", StringComparison.Ordinal);
    }

    private async Task Fill()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"orders"}""");
        await cloud.Json("kms", "TrentService.CreateKey", "{}");
    }

    private async Task<string> Refused() =>
        (await Assert.ThrowsAsync<DataFolderException>(() => TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))).Message;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
