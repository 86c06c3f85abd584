using System.Collections.Concurrent;
using Xunit;

namespace Disa.Emulator.Xunit;

/// <summary>
/// One <see cref="LocalAws"/> for the tests of a class, a collection or an assembly, with an account of its own for each test: take it by
/// <see cref="IClassFixture{TFixture}"/>, <see cref="ICollectionFixture{TFixture}"/> or <see cref="AssemblyFixtureAttribute"/>.
/// </summary>
/// <remarks>Derive from it to start it otherwise, with <see cref="StartAsync"/>, or to deploy what all tests need, with <see cref="PrepareAsync"/>.</remarks>
public class LocalAwsFixture : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<string, TestReport> Reports = new(StringComparer.Ordinal);

    private readonly EmulatorLog log = new();
    private LocalAws? aws;

    /// <summary>The emulator that all tests share, in its own account.</summary>
    /// <exception cref="InvalidOperationException">It is not started yet.</exception>
    public LocalAws Aws => aws ?? throw new InvalidOperationException("The fixture has not started its emulator yet.");

    /// <summary>The account of the test that asks: nobody else has it.</summary>
    /// <exception cref="InvalidOperationException">No test is running.</exception>
    public AwsAccount Account
    {
        get
        {
            var test =
                TestContext.Current.Test?.UniqueID
                ?? throw new InvalidOperationException("Only a test has an account; what all tests share is in Aws.");
            return Reports.GetOrAdd(test, _ => new TestReport(Aws.NewAccount(), log)).Account;
        }
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        aws = await StartAsync(new LocalAwsOptions { Loggers = log }).ConfigureAwait(false);
        await PrepareAsync(aws).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (aws is not null)
        {
            await aws.DisposeAsync().ConfigureAwait(false);
        }

        log.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the emulator; override it for other options, or for a saved state.</summary>
    /// <param name="options">The usual options, with the log that failed tests print.</param>
    protected virtual Task<LocalAws> StartAsync(LocalAwsOptions options) => LocalAws.StartAsync(options);

    /// <summary>Prepares what all tests share, once; override it.</summary>
    protected virtual Task PrepareAsync(LocalAws aws) => Task.CompletedTask;

    internal static TestReport? Take(string test) => Reports.TryRemove(test, out var report) ? report : null;
}
