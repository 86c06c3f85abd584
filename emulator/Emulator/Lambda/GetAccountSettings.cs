using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record GetAccountSettingsRequest;

internal sealed record GetAccountSettingsResponse(AccountLimit AccountLimit, AccountUsage AccountUsage);

internal sealed record AccountLimit(
    long TotalCodeSize,
    long CodeSizeUnzipped,
    long CodeSizeZipped,
    int ConcurrentExecutions,
    int UnreservedConcurrentExecutions
);

internal sealed record AccountUsage(long TotalCodeSize, int FunctionCount);

/// <summary>An account's quotas in a Region, and what its functions take of them.</summary>
internal static class GetAccountSettings
{
    public static GetAccountSettingsResponse Run(FunctionStore functions, Caller caller)
    {
        var all = functions.Functions.List(caller.Scope).Values.ToList();
        return new(
            new AccountLimit(80_530_636_800, 262_144_000, 52_428_800, Invoker.AccountConcurrency, Concurrency.Unreserved(all)),
            new AccountUsage(all.Sum(CodeSize) + functions.Layers.CodeSize(caller.Scope), all.Count)
        );
    }

    private static long CodeSize(Function function)
    {
        return function.Latest.CodeSize + function.Published.Sum(version => version.CodeSize);
    }
}
