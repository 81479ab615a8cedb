"""A till receipt. Copy this file and change it as you like."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Audit


class Item(BaseModel):
    """One article that was bought."""

    description: Annotated[
        str | None,
        Field(title="Description", description="The article as printed."),
        Aliases("Description", "Item", "Article", "Artikel", "Bezeichnung", "Désignation", "Descripción",
                "Descrizione"),
    ] = None  # fmt: skip
    quantity: Annotated[
        Decimal | None,
        Field(title="Quantity", description="How many, or the weight."),
        Aliases("Qty", "Quantity", "Menge", "Anzahl", "Qté", "Quantité", "Cant.", "Cantidad", "Q.tà", "Quantità",
                "Aantal"),
    ] = None  # fmt: skip
    amount: Annotated[
        Decimal | None,
        Field(title="Amount", description="What the line costs in all."),
        Aliases("Amount", "Price", "Total", "Betrag", "Preis", "Montant", "Prix", "Importe", "Precio", "Importo",
                "Bedrag"),
    ] = None  # fmt: skip


class Receipt(BaseModel):
    """A receipt from a shop, restaurant or machine: who was paid, when, for what and how much."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "fields"})

    company: Annotated[
        str | None,
        Field(
            title="Company", description="Name of the seller as printed, usually the first line, legal form included."
        ),
        Aliases("Company", "Merchant", "Store", "Firma", "Geschäft", "Magasin", "Tienda", "Negozio", "Winkel"),
    ] = None
    address: Annotated[
        str | None,
        Field(title="Address", description="Address of the shop: street, town, postcode, in one line."),
        Aliases("Address", "Adresse", "Anschrift", "Dirección", "Indirizzo", "Adres"),
    ] = None
    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Day of the purchase."),
        Aliases("Date", "Datum", "Fecha", "Data", "Date of purchase", "Invoice date", "Belegdatum", "Kaufdatum"),
    ] = None
    time: Annotated[
        str | None,
        Field(
            title="Time",
            description="Time of the purchase, HH:MM or HH:MM:SS on the 24 hour clock.",
            pattern=r"^\d{2}:\d{2}(:\d{2})?$",
        ),
        Aliases("Time", "Uhrzeit", "Zeit", "Heure", "Hora", "Ora", "Tijd"),
    ] = None
    currency: Annotated[
        str | None,
        Field(
            title="Currency",
            description="ISO 4217 code, from the code or sign printed with the amounts.",
            pattern=r"^[A-Z]{3}$",
        ),
        Aliases("Currency", "Währung", "Devise", "Moneda", "Valuta"),
    ] = None
    items: Annotated[
        list[Item],
        Field(title="Items", description="The articles bought, in the order printed."),
        Aliases("Items", "Artikel", "Articles", "Artículos", "Articoli", "Artikelen"),
        Audit.adds_up("amount", "subtotal", "total", tolerance=0.05),
    ] = []
    subtotal: Annotated[
        Decimal | None,
        Field(title="Subtotal", description="Sum before tax, service and rounding."),
        Aliases("Subtotal", "Sub-total", "Total excl. tax", "Zwischensumme", "Netto", "Sous-total", "Total HT",
                "Subtotale", "Subtotaal"),
    ] = None  # fmt: skip
    tax: Annotated[
        Decimal | None,
        Field(title="Tax", description="Tax in all."),
        Aliases("Tax", "VAT", "GST", "Sales tax", "Service tax", "MwSt", "USt", "TVA", "IVA", "BTW"),
    ] = None
    total: Annotated[
        Decimal | None,
        Field(title="Total", description="What had to be paid, tax and rounding included; not the cash given."),
        Aliases("Total", "Grand total", "Net total", "Amount due", "Total incl. tax", "Rounded total", "Summe",
                "Gesamt", "Zu zahlen", "Total TTC", "A pagar", "Totale", "Totaal", "Te betalen"),
        # Tax added to the subtotal or held in it; cash is rounded to five cents in some countries.
        Audit.one_of(Audit.sum_of("subtotal", "tax", tolerance=0.05), Audit.equals("subtotal", tolerance=0.05)),
    ] = None  # fmt: skip
    payment_method: Annotated[
        str | None,
        Field(title="Payment method", description="How it was paid, as printed: cash, card, the card's brand."),
        Aliases("Payment", "Paid by", "Tender", "Cash", "Card", "Visa", "Mastercard", "Zahlungsart", "Bar",
                "EC-Karte", "Paiement", "Espèces", "Carte", "Pago", "Efectivo", "Tarjeta", "Pagamento", "Contanti",
                "Betaling", "Pin", "CB", "NETS"),
    ] = None  # fmt: skip
