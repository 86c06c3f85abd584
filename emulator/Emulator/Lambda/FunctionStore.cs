using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>Functions on a shelf and their packages in a table: what the room's operations share.</summary>
internal sealed class FunctionStore(Database database, Clock clock, Tokens tokens)
{
    public static readonly Migration[] Migrations =
    [
        new(
            "lambda",
            1,
            """
            CREATE TABLE lambda_code (account TEXT NOT NULL, sha256 TEXT NOT NULL, zip BLOB NOT NULL, PRIMARY KEY (account, sha256)) WITHOUT ROWID
            """
        ),
    ];

    public Shelf<Function> Functions { get; } = new(database, "lambda.function", LambdaDocuments.Default.Function);

    public LayerStore Layers { get; } = new(database);

    public Database Database => database;

    public Clock Clock => clock;

    public Listings Lists { get; } = new(tokens, "lambda", () => LambdaErrors.Invalid("Invalid marker"));

    /// <summary>After a commit that created a function or changed what its processes run with.</summary>
    public event Action<Scope, string>? Changed;

    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public Function Get(FunctionReference function) =>
        Functions.Get(function.Scope, function.Name) ?? throw LambdaErrors.NoFunction(function);

    public Function Get(Transaction transaction, FunctionReference function) =>
        Functions.Get(transaction, function.Scope, function.Name) ?? throw LambdaErrors.NoFunction(function);

    public FunctionVersion Version(FunctionReference function) =>
        Get(function).Resolve(function.Qualifier) ?? throw LambdaErrors.NoFunction(function);

    public void Put(Transaction transaction, Scope scope, Function function) => Functions.Put(transaction, scope, function.Name, function);

    public void Announce(Transaction transaction, Scope scope, string name) => transaction.AfterCommit(() => Changed?.Invoke(scope, name));

    /// <summary>Keeps a package, once however many versions use it.</summary>
    public static void PutCode(Transaction transaction, string account, FunctionPackage code) =>
        transaction.Execute("INSERT INTO lambda_code VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", account, code.Sha256, code.Bytes());

    public byte[] Code(string account, string sha256) =>
        database.Read(transaction =>
            transaction.First(
                "SELECT zip FROM lambda_code WHERE account = $1 AND sha256 = $2",
                row => row.GetFieldValue<byte[]>(0),
                account,
                sha256
            )
        ) ?? throw new InvalidOperationException($"The package {sha256} is not there.");

    /// <summary>Removes the packages of versions that are gone, their own and those of their layers, where nobody else has them.</summary>
    public void SweepCode(Transaction transaction, Scope scope, params IReadOnlyList<FunctionVersion> gone)
    {
        var candidates = gone.SelectMany(version =>
            version
                .Layers.Select(layer => (Arn.AccountOf(layer.Arn).ToString(), layer.CodeSha256))
                .Prepend((scope.Account, version.CodeSha256))
        );
        foreach (var (account, sha256) in candidates.Distinct())
        {
            SweepCode(transaction, scope, account, sha256);
        }
    }

    /// <summary>Removes a package of an account that no function and no layer has any more.</summary>
    /// <param name="transaction">Of the change.</param>
    /// <param name="scope">Where the change is: there the transaction is asked, elsewhere what is committed.</param>
    /// <param name="account">Whose package it is.</param>
    /// <param name="sha256">Which one.</param>
    public void SweepCode(Transaction transaction, Scope scope, string account, string sha256)
    {
        var versions = Functions
            .All()
            .Where(entry => entry.Scope != scope)
            .Select(entry => (entry.Scope, entry.Value))
            .Concat(Functions.List(transaction, scope).Values.Select(function => (scope, function)))
            .SelectMany(entry => entry.Item2.Published.Prepend(entry.Item2.Latest).Select(version => (entry.Item1.Account, version)));
        var used = versions.Any(entry =>
            (entry.Account == account && entry.version.CodeSha256 == sha256)
            || entry.version.Layers.Any(layer => layer.CodeSha256 == sha256 && Arn.AccountOf(layer.Arn).SequenceEqual(account))
        );
        if (!used && !Layers.Uses(transaction, scope, account, sha256))
        {
            transaction.Execute("DELETE FROM lambda_code WHERE account = $1 AND sha256 = $2", account, sha256);
        }
    }

    public static string NewRevision() => Guid.NewGuid().ToString();
}

/// <summary>A function's package: a zip file.</summary>
internal sealed record FunctionPackage(ReadOnlyMemory<byte> Zip)
{
    /// <summary>Bytes of all its files, unpacked.</summary>
    public long UnzippedSize { get; init; }

    public string Sha256 { get; } = Convert.ToBase64String(SHA256.HashData(Zip.Span));

    /// <summary>The package as an array of its own; the one it already is, if it is a whole one.</summary>
    public byte[] Bytes() =>
        MemoryMarshal.TryGetArray(Zip, out var segment) && segment.Offset == 0 && segment.Array!.Length == Zip.Length
            ? segment.Array
            : Zip.ToArray();
}
