// Node 20 has no WebSocket of its own: what a program of the documentation finds in a browser.
import WebSocket from 'ws';

globalThis.WebSocket = WebSocket;
