using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Emulator.Store;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>What a stop interrupts is found undone at the next start.</summary>
public sealed class ActivationTests : IDisposable
{
    private static readonly Scope Here = new("000000000000", "us-east-1");
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_stop_is_no_failure_of_a_package()
    {
        using var code = new FunctionCode(directory);
        var zip = FunctionFixture.Zip(("index.py", "x"));
        code.Stop();

        Assert.Throws<OperationCanceledException>(() => code.Unpacked("000000000000", new FunctionPackage(zip).Sha256, () => zip));
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_package_is_none_either()
    {
        using var code = new FunctionCode(directory);
        var zip = FunctionFixture.Zip(("index.py", "x"));

        Assert.Throws<OperationCanceledException>(() =>
            code.Unpacked(
                "000000000000",
                new FunctionPackage(zip).Sha256,
                () =>
                {
                    code.Dispose(); // takes the directory away
                    return zip;
                }
            )
        );
    }

    [Fact]
    public void A_package_that_could_not_be_unpacked_can_be_later()
    {
        using var code = new FunctionCode(directory);
        var zip = FunctionFixture.Zip(("index.py", "x"));
        var sha = new FunctionPackage(zip).Sha256;

        Assert.Throws<IOException>(() => code.Unpacked("000000000000", sha, () => throw new IOException("No space left on device")));
        Assert.True(File.Exists(Path.Combine(code.Unpacked("000000000000", sha, () => zip), "index.py")));
    }

    [Fact]
    public async Task Nothing_is_recorded_any_more_once_the_emulator_stops_but_last_words()
    {
        using var database = Database.Open(
            new DatabaseOptions { Path = Path.Combine(directory, "disa.db") },
            new Migration("room", 1, "CREATE TABLE room_row (id INTEGER)")
        );
        await database.Write(transaction => transaction.Execute("INSERT INTO room_row VALUES (1)"));

        database.StopRecording();

        Assert.Throws<StoreClosedException>(() =>
        {
            _ = database.Write(transaction => transaction.Execute("INSERT INTO room_row VALUES (2)"));
        });
        await database.WriteLast(transaction => transaction.Execute("INSERT INTO room_row VALUES (3)"));
        Assert.Equal(2, database.Read(transaction => transaction.Number("SELECT count(*) FROM room_row")));
    }

    [Fact]
    public async Task A_function_that_failed_on_this_machine_is_tried_again_at_the_next_start_and_health_says_so_until_then()
    {
        var options = new LocalCloudOptions { DataDirectory = directory };
        await using (var cloud = await TestCloud.Start(options))
        {
            await cloud.CreateFunction("f", "python3.12", "index.handler", FunctionFixture.Zip(("index.py", "x")));
            var shelf = cloud.Cloud.Functions;
            await cloud.Cloud.Database.Write(transaction =>
            {
                var function = shelf.Get(transaction, Here, "f")!;
                shelf.Put(
                    transaction,
                    Here,
                    "f",
                    function with
                    {
                        Latest = function.Latest with
                        {
                            State = "Failed",
                            StateReason = "Could not find a part of the path.",
                            StateReasonCode = "InternalError",
                            LastUpdateStatus = "Failed",
                        },
                    }
                );
            });
            cloud.Cloud.MarkReady();
            using var http = new HttpClient();
            using var health = await http.GetAsync(new Uri(cloud.Endpoint, "/_disa/health"));
            Assert.Equal(503, (int)health.StatusCode);
            Assert.Contains("The function f in us-east-1 is Failed", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await using (var again = await TestCloud.Start(options))
        {
            await again.Settled("f");
        }
    }
}
