using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Tests.Store;

public sealed partial class DatabaseTests : IDisposable
{
    private static readonly Migration Numbers = new("numbers", 1, "CREATE TABLE numbers (n INTEGER NOT NULL)");
    private static readonly Scope Somewhere = new("000000000000", "us-east-1");
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    private string File => Path.Combine(directory, "disa.db");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_throws_is_rolled_back_alone(bool inMemory)
    {
        using var database = Database.Open(new DatabaseOptions { Path = inMemory ? null : File }, Numbers);
        var shelf = new Shelf<Thing>(database, "test.thing", TestJson.Default.Thing);
        var signals = 0;

        var writes = Enumerable
            .Range(0, 100)
            .Select(n =>
                database.Write(transaction =>
                {
                    transaction.Execute("INSERT INTO numbers VALUES ($1)", n);
                    shelf.Put(transaction, Somewhere, $"thing{n}", new Thing(n));
                    transaction.AfterCommit(() => Interlocked.Increment(ref signals));
                    if (n % 2 == 1)
                    {
                        throw new InvalidOperationException("odd");
                    }
                })
            )
            .ToList();
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(50, writes.Count(write => write.IsFaulted));
        Assert.Equal(50, database.Read(transaction => transaction.Number("SELECT count(*) FROM numbers")));
        Assert.Equal(50, shelf.List(Somewhere).Count);
        Assert.Null(shelf.Get(Somewhere, "thing1"));
        Assert.Equal(50, signals);
    }

    [Fact]
    public async Task A_power_cut_loses_only_what_was_not_acknowledged()
    {
        for (var cut = 1; cut <= 10; cut++)
        {
            var path = Path.Combine(directory, $"cut{cut}.db");
            var acknowledged = 0;
            using (var database = Database.Open(new DatabaseOptions { Path = path, BeforeWrite = new PowerCut(cut).BeforeWrite }, Numbers))
            {
                try
                {
                    for (var n = 0; n < 10; n++)
                    {
                        await database.Write(transaction => transaction.Execute("INSERT INTO numbers VALUES ($1)", n));
                        acknowledged++;
                    }
                }
                catch (IOException)
                {
                    Assert.Throws<StoreClosedException>(() =>
                    {
                        _ = database.Write(_ => { });
                    });
                }
            }

            Assert.Equal(cut - 1, acknowledged);
            using var reopened = Database.Open(new DatabaseOptions { Path = path }, Numbers);
            Assert.Equal(acknowledged, reopened.Read(transaction => transaction.Number("SELECT count(*) FROM numbers")));
        }
    }

    [Fact]
    public async Task A_shelf_is_there_again_after_a_restart()
    {
        using (var database = Database.Open(new DatabaseOptions { Path = File }))
        {
            var shelf = new Shelf<Thing>(database, "test.thing", TestJson.Default.Thing);
            await database.Write(transaction => shelf.Put(transaction, Somewhere, "a", new Thing(1)));
            await database.Write(transaction => shelf.Put(transaction, Somewhere, "b", new Thing(2)));
            await database.Write(transaction => shelf.Remove(transaction, Somewhere, "a"));
        }

        using var reopened = Database.Open(new DatabaseOptions { Path = File });
        Assert.Equal(["b"], new Shelf<Thing>(reopened, "test.thing", TestJson.Default.Thing).List(Somewhere).Keys);
    }

    [Fact]
    public async Task A_write_sees_what_earlier_writes_of_its_batch_did()
    {
        using var database = Database.Open(new DatabaseOptions { Path = File });
        var shelf = new Shelf<Thing>(database, "test.thing", TestJson.Default.Thing);

        var created = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(n =>
                    database.Write(transaction =>
                    {
                        if (shelf.Get(transaction, Somewhere, "only one") is not null)
                        {
                            return false;
                        }

                        shelf.Put(transaction, Somewhere, "only one", new Thing(n));
                        return true;
                    })
                )
        );

        Assert.Single(created, true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_a_commit_or_a_read_asks_for_is_made_after_it(bool inMemory)
    {
        using var database = Database.Open(new DatabaseOptions { Path = inMemory ? null : File }, Numbers);
        Task? second = null;

        await database.Write(transaction =>
        {
            transaction.Execute("INSERT INTO numbers VALUES (1)");
            transaction.AfterCommit(() => second = database.Write(next => next.Execute("INSERT INTO numbers VALUES (2)")));
        });
        await second!;
        var (seen, third) = database.Read(transaction =>
        {
            var write = database.Write(next => next.Execute("INSERT INTO numbers VALUES (3)"));
            return (transaction.Number("SELECT count(*) FROM numbers"), write);
        });
        await third;

        Assert.Equal(2, seen);
        Assert.Equal(6, database.Read(transaction => transaction.Number("SELECT sum(n) FROM numbers")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_alone_that_throws_leaves_nothing_and_the_next_is_made(bool inMemory)
    {
        using var database = Database.Open(new DatabaseOptions { Path = inMemory ? null : File }, Numbers);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            database.Write(transaction =>
            {
                transaction.Execute("INSERT INTO numbers VALUES (1)");
                throw new InvalidOperationException("no");
            })
        );
        await database.Write(transaction => transaction.Execute("INSERT INTO numbers VALUES (2)"));

        Assert.Equal(2, database.Read(transaction => transaction.Number("SELECT sum(n) FROM numbers")));
    }

    [Fact]
    public async Task In_memory_a_write_is_made_when_its_call_returns_and_keeps_what_the_request_carries_to_itself()
    {
        using var database = Database.Open(new DatabaseOptions(), Numbers);
        var carried = new AsyncLocal<string> { Value = "of the request" };
        string? reached = null;
        Task? started = null;

        var write = database.Write(transaction =>
            transaction.AfterCommit(() => started = Task.Run(() => reached = carried.Value, TestContext.Current.CancellationToken))
        );

        Assert.True(write.IsCompletedSuccessfully);
        await started!;
        Assert.Null(reached);
    }

    public sealed record Thing(int Number);

    [JsonSerializable(typeof(Thing))]
    private sealed partial class TestJson : JsonSerializerContext;
}
