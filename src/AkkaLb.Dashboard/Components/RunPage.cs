using AkkaLb.Dashboard.Runs;
using AkkaLb.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Dashboard.Components;

/// <summary>A page of one run.</summary>
public abstract class RunPage : LivePage
{
    private int _version = -1;

    /// <summary>Of the run, as the list of runs has it.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    internal RunCatalog Catalog { get; set; } = null!;

    /// <summary>While the page is made for its first answer.</summary>
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    /// <summary>Null: it cannot be shown, and the problem says why.</summary>
    internal RunFiles? Run { get; private set; }

    /// <summary>Whether the run has written anything since the last look.</summary>
    protected bool HasGrown { get; private set; }

    private protected override string Subject => Run?.Folder.FullPath ?? RunCatalog.NameOf(Id);

    /// <inheritdoc/>
    /// <returns>Whether all is to be drawn: the run has grown, or the last look has not come to its end.</returns>
    protected override Task<bool> LookAsync()
    {
        if (Run?.Id != Id)
        {
            Run = null;
        }
        if (Catalog.Find(Id) is not { } found)
        {
            if (Http is { Response.HasStarted: false } first)
            {
                // Of a status that is set before, Blazor would send no page.
                first.Response.OnStarting(() => Task.FromResult(first.Response.StatusCode = StatusCodes.Status404NotFound));
            }
            throw new InvalidInputException($"{RunCatalog.NameOf(Id)}: there is no such run; the list of runs has those that there are");
        }
        if (Run != found)
        {
            (Run, _version) = (found, -1);
        }
        int version = Run.Refresh();
        HasGrown = version != _version;
        _version = version;
        return Task.FromResult(HasGrown || Problem is not null);
    }
}
