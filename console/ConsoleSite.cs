using System.Diagnostics.CodeAnalysis;
using System.Text;
using Amazon.Runtime;
using Disa.WebConsole.Pages;
using Disa.WebConsole.Pages.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Disa.WebConsole;

/// <summary>The console: finds page or action, and alone turns errors into pages.</summary>
/// <param name="session">The target that all pages read and write, through the API calls that the command makes too.</param>
/// <param name="stackName">The root stack.</param>
/// <param name="changes">When open pages look again.</param>
/// <param name="isLocked">Whether only who has <see cref="Link"/> is let in.</param>
internal sealed class ConsoleSite(AwsSession session, string stackName, IChanges changes, bool isLocked = false)
{
    /// <summary>Where it is, below the root of its server.</summary>
    public const string Path = "/_disa/console/";

    /// <summary>The media type of an address.</summary>
    private const string Address = "text/uri-list";

    private const int LongestForm = 1024 * 1024;
    private static readonly TimeSpan ForAMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DeploymentStands = TimeSpan.FromSeconds(10);

    private readonly Gatekeeper gatekeeper = new(isLocked);
    private (Deployment Deployment, bool IsEmulator, DateTimeOffset Until)? known;

    private static readonly Dictionary<string, Func<Visit, Task<Page>>> Pages = new(StringComparer.Ordinal)
    {
        [""] = FlowPage.Get,
        ["messages"] = MessagesPage.Get,
        ["message"] = MessagePage.Get,
        ["execution"] = ExecutionPage.Get,
        ["failures"] = FailuresPage.Get,
        ["redrive"] = RedrivePage.Get,
        ["alarm"] = AlarmPage.Get,
        ["inbox"] = InboxPage.Get,
        ["time"] = TimePage.Get,
        ["cost"] = CostPage.Get,
        ["stacks"] = StacksPage.Get,
        ["resources"] = ResourcesPage.Get,
        ["queue"] = QueuePage.Get,
        ["table"] = TablePage.Get,
        ["bucket"] = BucketPage.Get,
        ["object"] = BucketPage.GetObject,
        ["function"] = FunctionPage.Get,
        ["workflow"] = WorkflowPage.Get,
        ["keys"] = KeysPage.Get,
    };

    /// <summary>Each answers the address of the page that shows what came of it.</summary>
    private static readonly Dictionary<string, Func<Visit, Task<string>>> Actions = new(StringComparer.Ordinal)
    {
        ["send"] = SendActions.Send,
        ["retry"] = SendActions.Retry,
        ["retry-due"] = SendActions.RetryDue,
        ["cancel"] = SendActions.Cancel,
        ["edit"] = SendActions.Edit,
        ["cancel-group"] = FailuresPage.CancelGroup,
        ["redrive-count"] = RedrivePage.Count,
        ["redrive-go"] = RedrivePage.Go,
        ["break"] = AlarmPage.Break,
        ["mend"] = AlarmPage.Mend,
        ["confirm"] = InboxPage.Confirm,
        ["advance"] = TimePage.Advance,
        ["stop-clock"] = TimePage.Stop,
        ["cost-reset"] = CostPage.Reset,
        ["queue-peek"] = QueuePage.Peek,
        ["queue-redrive"] = QueuePage.Redrive,
        ["queue-purge"] = QueuePage.Purge,
    };

    /// <summary>The way in, below the root of its server.</summary>
    public string Link => isLocked ? $"{Path}?{Gatekeeper.KeyParameter}={gatekeeper.DoorKey}" : Path;

    /// <summary>Sentences that the page after an action shows.</summary>
    public Kept<string> FlashMessages { get; } = new();

    /// <summary>What was peeked at in queues.</summary>
    public Kept<List<Amazon.SQS.Model.Message>> Peeks { get; } = new();

    /// <summary>Redrives that were counted, are in progress or are done.</summary>
    public Redrives Redrives { get; } = new();

    public ClockMoves ClockMoves { get; } = new(session);

    /// <summary>What was used when someone looked: rates are differences.</summary>
    public UsageSamples Usage { get; } = new();

    public ResponseCache ResponseCache { get; } = new();

    /// <summary>About how many items the table has: on AWS a figure of up to six hours ago.</summary>
    public Task<long> ItemCount(Visit visit) =>
        ResponseCache.Get(
            "items",
            "",
            Stands(visit),
            async () =>
                (await session.DynamoDb.DescribeTableAsync(visit.Deployment.TableName, visit.Cancellation).ConfigureAwait(false))
                    .Table
                    .ItemCount
                ?? 0
        );

    /// <summary>The dispatcher's metrics. They are by the minute, and on AWS asking costs: so they are asked for once a minute there.</summary>
    public Task<Traffic> Traffic(Visit visit, int minutes) =>
        ResponseCache.Get(
            "traffic",
            $"{minutes} {visit.Now.UtcTicks / TimeSpan.TicksPerMinute}",
            Stands(visit),
            () => Operations.Traffic.Read(session, visit.Deployment, visit.Now, minutes, visit.IsEmulator, visit.Cancellation)
        );

    /// <summary>What was sent and failed over a longer time; asked for as seldom.</summary>
    public Task<Traffic> TrafficBack(Visit visit, TimeSpan span, TimeSpan slot) =>
        ResponseCache.Get(
            "traffic back",
            $"{span} {visit.Now.UtcTicks / TimeSpan.TicksPerMinute}",
            Stands(visit),
            () => Operations.Traffic.ReadBack(session, visit.Deployment, visit.Now, span, slot, visit.Cancellation)
        );

    /// <summary>The emulator tells of each change once: what is kept from before it would stay on the page.</summary>
    public static TimeSpan Stands(Visit visit) => visit.IsEmulator ? TimeSpan.Zero : ForAMinute;

    public async Task Handle(HttpContext context)
    {
        Gatekeeper.Harden(context.Response);
        if (Gatekeeper.Refusal(context) is { } refusal)
        {
            await Text(context, 403, refusal).ConfigureAwait(false);
            return;
        }

        if (!gatekeeper.LetsIn(context, Path))
        {
            await Text(context, 403, "Open this console with the link that the command printed, which contains a key.")
                .ConfigureAwait(false);
            return;
        }

        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Path, StringComparison.Ordinal))
        {
            context.Response.Redirect(Path);
            return;
        }

        var name = path[Path.Length..];
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (Assets.Find(name) is { } asset && !isPost)
        {
            await asset.Send(context).ConfigureAwait(false);
        }
        else if (name == "changes" && !isPost)
        {
            await Stream(context).ConfigureAwait(false);
        }
        else if (isPost && Actions.TryGetValue(name, out var action))
        {
            await Act(context, action).ConfigureAwait(false);
        }
        else if (HttpMethods.IsGet(context.Request.Method) && Pages.TryGetValue(name, out var page))
        {
            await Answer(context, async visit => await page(visit).ConfigureAwait(false)).ConfigureAwait(false);
        }
        else
        {
            await Answer(
                    context,
                    _ => Task.FromResult<Page?>(Page.Saying("Not found", $"There is no {context.Request.Method} {path}.", 404))
                )
                .ConfigureAwait(false);
        }
    }

    private async Task Act(HttpContext context, Func<Visit, Task<string>> action)
    {
        if (await ReadForm(context.Request).ConfigureAwait(false) is not { } form)
        {
            await Text(context, 400, "A form of up to 1 MB is expected.").ConfigureAwait(false);
            return;
        }

        if (!gatekeeper.Knows(context, form.TryGetValue(Gatekeeper.TokenField, out var token) ? token.ToString() : null))
        {
            await Text(context, 403, "This form is not from the running console. Go back, reload the page, and try again.")
                .ConfigureAwait(false);
            return;
        }

        await Answer(
                context,
                async visit =>
                {
                    await Lead(context, await action(visit).ConfigureAwait(false)).ConfigureAwait(false);
                    return null;
                },
                form
            )
            .ConfigureAwait(false);
    }

    /// <summary>Where the page is that shows what came of an action: a browser goes there by itself, and the script is told the address.</summary>
    private static Task Lead(HttpContext context, string address)
    {
        if (context.Request.Headers.Accept == Address)
        {
            context.Response.ContentType = Address;
            return context.Response.WriteAsync(address, context.RequestAborted);
        }

        context.Response.Redirect(address);
        context.Response.StatusCode = 303;
        return Task.CompletedTask;
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug crashes its page, not the console.")]
    private async Task Answer(HttpContext context, Func<Visit, Task<Page?>> work, IReadOnlyDictionary<string, StringValues>? form = null)
    {
        Visit? visit = null;
        Page? page;
        try
        {
            visit = await VisitOf(context, form).ConfigureAwait(false);
            page = await work(visit).ConfigureAwait(false);
        }
        catch (UsageException misuse)
        {
            page = Page.Saying("Invalid request", misuse.Message, 400);
        }
        catch (FailureException failure)
        {
            page = Page.Saying("Request failed", failure.Message, 409);
        }
        catch (AmazonServiceException refused) when (refused.StatusCode != 0)
        {
            page = Page.Saying("AWS refused", $"{refused.ErrorCode}: {refused.Message}", 502);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or AmazonServiceException or AmazonClientException)
        {
            page = Page.Saying("No answer", $"{session.Target.Describe()} does not answer: {unreachable.Message}", 503);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception bug)
        {
            page = Page.Saying("Internal error", $"This page failed: {bug.GetType().Name}: {bug.Message}", 500);
        }

        if (page is not null)
        {
            var html = visit is null
                ? page.Frame(session.Target, stackName, session.Target.Endpoint is not null, Html.None, null)
                : page.Frame(visit);
            context.Response.StatusCode = page.Status;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(html.ToString(), context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task<Visit> VisitOf(HttpContext context, IReadOnlyDictionary<string, StringValues>? form)
    {
        var token = gatekeeper.Token(context, Path);
        var health = await EmulatorApi.HealthOrNone(session, context.RequestAborted).ConfigureAwait(false);
        if (known is not { } current || TimeProvider.System.GetUtcNow() > current.Until)
        {
            current = (
                await Deployment.Find(session, stackName, context.RequestAborted).ConfigureAwait(false),
                health is not null,
                TimeProvider.System.GetUtcNow() + DeploymentStands
            );
            known = current;
        }

        return new Visit
        {
            Site = this,
            Session = session,
            Deployment = current.Deployment,
            Now = health?.Now ?? TimeProvider.System.GetUtcNow(),
            IsEmulator = current.IsEmulator,
            Query = QueryHelpers.ParseQuery(context.Request.QueryString.Value),
            Form = form ?? new Dictionary<string, StringValues>(),
            Token = token,
            Cancellation = context.RequestAborted,
        };
    }

    /// <summary>One line each time that something may have changed; the page then looks itself.</summary>
    private async Task Stream(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        try
        {
            await context.Response.WriteAsync("retry: 2000\n\n", context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await foreach (var _ in changes.Watch(context.RequestAborted).ConfigureAwait(false))
            {
                await context.Response.WriteAsync("data: changed\n\n", context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever looked is gone.
        }
    }

    private static async Task<IReadOnlyDictionary<string, StringValues>?> ReadForm(HttpRequest request)
    {
        if (
            request.ContentLength is not (>= 0 and <= LongestForm)
            || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
        )
        {
            return null;
        }

        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
    }

    private static Task Text(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence, context.RequestAborted);
    }
}
